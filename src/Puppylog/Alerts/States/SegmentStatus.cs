using Puppylog.Alerts.Rules;

namespace Puppylog.Alerts.States;

/// <summary>How a segment stands now.</summary>
/// <param name="Since">The second since which it is in its state.</param>
readonly record struct SegmentStatus(string Segment, AlertState State, long Since, WindowValue? Value, AlertCause Cause, long Episode);
