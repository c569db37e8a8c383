namespace Puppylog.App.Watch.Boards;

/// <param name="Id">The alert.</param>
/// <param name="Segment">Of which segment; empty for the whole.</param>
/// <param name="State">How it stands.</param>
/// <param name="Since">Since when, seconds since 1970 UTC; null where it was never otherwise.</param>
/// <param name="Value">The value that the rule looks at, as text; empty where there is none.</param>
/// <param name="Rule">When it fires, in words.</param>
/// <param name="Remark">A silence, a severity: what else there is to say.</param>
sealed record AlertEntry(string Id, string Segment, AlertStanding State, long? Since, string Value, string Rule, string Remark = "");
