namespace Puppylog.App.Api.Select;

/// <param name="Hits">A group per combination of the fields that were asked for, most records first.</param>
sealed record HitsReply(IReadOnlyList<HitsGroup> Hits);
