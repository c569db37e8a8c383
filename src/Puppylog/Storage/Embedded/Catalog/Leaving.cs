namespace Puppylog.Storage.Embedded.Catalog;

/// <summary>A segment file that is to be deleted.</summary>
/// <param name="Segment">Its number.</param>
/// <param name="Day">Its day; null for many days.</param>
/// <param name="Length">Its bytes; 0 where unknown.</param>
/// <param name="Since">When it was replaced or dropped, nanoseconds since 1970 UTC; null where it was begun and never taken in.</param>
readonly record struct Leaving(long Segment, int? Day, long Length, long? Since);
