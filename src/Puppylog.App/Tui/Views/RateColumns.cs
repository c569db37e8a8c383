using Puppylog.Metrics;

namespace Puppylog.App.Tui.Views;

/// <summary>Hits per second as the columns of a plot.</summary>
static class RateColumns
{
    /// <summary>The newest whole columns; one of several seconds is their mean, and begins at a multiple of its length.</summary>
    /// <param name="history">What was counted.</param>
    /// <param name="columns">How many there is room for.</param>
    /// <param name="seconds">That one covers.</param>
    public static double[] Of(RateHistory history, int columns, int seconds)
    {
        if (history.Newest == long.MinValue || columns <= 0)
        {
            return [];
        }

        var open = (int)(((history.Newest % seconds) + seconds) % seconds);
        var hits = history.Last((columns * seconds) + open);
        var whole = (hits.Length - open) / seconds;
        var rates = new double[whole];
        for (var i = 0; i < whole; i++)
        {
            var from = hits.Length - open - ((whole - i) * seconds);
            rates[i] = hits.AsSpan(from, seconds).ToArray().Sum() / (double)seconds;
        }

        return rates;
    }

    /// <summary><c>3 min ago</c>.</summary>
    public static string Ago(int seconds) => seconds switch
    {
        0 => "",
        < 300 => $"{seconds} s ago",
        < 7200 => $"{seconds / 60} min ago",
        _ => $"{seconds / 3600} h ago",
    };
}
