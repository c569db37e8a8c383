namespace Puppylog.Metrics;

/// <param name="Name">The section; <c>-</c> for requests that have none. Not cleaned: bytes from outside.</param>
/// <param name="Hits">Its requests.</param>
readonly record struct SectionHits(string Name, long Hits);
