namespace Puppylog.App.Watch.Boards;

/// <param name="Alerts">How each stands, an entry per segment that is not ok.</param>
/// <param name="Events">What happened to the one that was asked for, newest first.</param>
/// <param name="Remark">What there is to say of all of them.</param>
sealed record AlertBoard(IReadOnlyList<AlertEntry> Alerts, IReadOnlyList<AlertEvent> Events, string? Remark = null);
