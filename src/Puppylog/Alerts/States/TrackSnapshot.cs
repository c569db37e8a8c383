namespace Puppylog.Alerts.States;

/// <summary>What is kept of a <see cref="SegmentTrack"/>.</summary>
/// <param name="Since">The second since which it is in its state.</param>
/// <param name="Began">The second from which on the segment's records count.</param>
readonly record struct TrackSnapshot(string Segment, AlertState State, long Since, AlertCause Cause, long Began, long Episode, long At);
