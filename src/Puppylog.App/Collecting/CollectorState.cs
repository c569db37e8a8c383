namespace Puppylog.App.Collecting;

/// <summary>How the sources of one collecting process stand.</summary>
/// <param name="Process">Its number.</param>
/// <param name="Sources">How many sources it has, found files included.</param>
/// <param name="Hindered">How many of them cannot be read.</param>
/// <param name="Lag">Bytes that all of them have beyond what was read.</param>
/// <param name="List">Those that were named, that are hindered or that lag most; at most <see cref="MostListed"/>.</param>
sealed record CollectorState(int Process, int Sources, int Hindered, long Lag, IReadOnlyList<CollectorEntry> List)
{
    public const int MostListed = 100;
}
