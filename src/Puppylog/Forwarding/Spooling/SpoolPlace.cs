namespace Puppylog.Forwarding.Spooling;

/// <summary>Where a frame begins.</summary>
/// <param name="Part">The file.</param>
/// <param name="FileOffset">In the file.</param>
/// <param name="Offset">In the whole spool.</param>
readonly record struct SpoolPlace(SpoolFile Part, long FileOffset, long Offset);
