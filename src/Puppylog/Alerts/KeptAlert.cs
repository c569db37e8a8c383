using Puppylog.Alerts.Notices;
using Puppylog.Alerts.States;

namespace Puppylog.Alerts;

/// <summary>What is kept of an alert, whole or not at all.</summary>
/// <param name="States">Where it stands.</param>
/// <param name="Notices">What it last had to tell: not certainly in the outbox.</param>
sealed record KeptAlert(AlertSnapshot States, IReadOnlyList<Notice> Notices);
