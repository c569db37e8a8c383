using Puppylog.Alerts.Notices;
using Puppylog.Alerts.States;

namespace Puppylog.Alerts;

/// <summary>What some seconds of an alert came to.</summary>
/// <param name="Live">What happened, as far as was known at once.</param>
/// <param name="Settled">What happened a while ago, with all late records.</param>
/// <param name="Notices">Who has to be told of what, once that is kept.</param>
sealed record AlertStep(IReadOnlyList<AlertSignal> Live, IReadOnlyList<AlertSignal> Settled, IReadOnlyList<Notice> Notices);
