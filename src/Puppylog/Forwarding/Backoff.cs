namespace Puppylog.Forwarding;

/// <summary>
/// Pauses between attempts: each twice the one before up to a longest one, and half of it by chance, so that many agents do
/// not come back at the same moment.
/// </summary>
sealed class Backoff(TimeSpan first, TimeSpan longest)
{
    TimeSpan _next = first;

    /// <param name="atLeast">What the other side asked for.</param>
    public TimeSpan Next(TimeSpan atLeast = default)
    {
        var pause = _next;
        _next = _next * 2 < longest ? _next * 2 : longest;
        var drawn = (pause / 2) + (pause / 2 * Random.Shared.NextDouble());
        return drawn > atLeast ? drawn : atLeast;
    }
}
