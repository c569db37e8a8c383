using Puppylog.Alerts.Notices;
using Puppylog.Alerts.States;

namespace Puppylog.Alerts;

/// <summary>What is kept of an alert, whole or not at all.</summary>
/// <param name="Metric">The metric that was watched; of another one nothing goes on.</param>
/// <param name="PerSegment">How it was watched.</param>
/// <param name="States">Where it stands.</param>
/// <param name="Values">What segments that have a value come to, to be shown.</param>
/// <param name="Notices">What it last had to tell: not certainly in the outbox.</param>
sealed record KeptAlert(string Metric, bool PerSegment, AlertSnapshot States, IReadOnlyDictionary<string, string> Values, IReadOnlyList<Notice> Notices);
