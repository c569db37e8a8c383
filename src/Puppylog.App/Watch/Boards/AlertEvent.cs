namespace Puppylog.App.Watch.Boards;

/// <param name="Id">The alert.</param>
/// <param name="Time">Seconds since 1970 UTC.</param>
/// <param name="Kind"><c>firing</c>, <c>recovered</c>, or another word for what happened.</param>
/// <param name="Value">As text.</param>
/// <param name="Message">The words in which it was told.</param>
sealed record AlertEvent(string Id, long Time, string Kind, string Value, string Message)
{
    public const string Firing = "firing";
    public const string Recovered = "recovered";
}
