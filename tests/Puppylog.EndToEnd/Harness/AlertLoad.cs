using System.Globalization;
using System.Text;

namespace Puppylog.EndToEnd.Harness;

/// <summary>A log whose traffic crosses a threshold, and what a straightforward computation makes of it.</summary>
sealed class AlertLoad
{
    readonly int[] _hits;

    AlertLoad(IEnumerable<int> hits)
    {
        _hits = [.. hits];
        var text = new StringBuilder();
        for (var second = 0; second < _hits.Length; second++)
        {
            for (var hit = 0; hit < _hits[second]; hit++)
            {
                text.Append(AccessLines.Line(Lines++, AccessLines.Start.AddSeconds(second))).Append('\n');
            }
        }

        Bytes = Encoding.ASCII.GetBytes(text.ToString());
    }

    public byte[] Bytes { get; }

    public int Lines { get; }

    /// <summary>Three times above 10 hits a second over two minutes and back below 8, with noise around 10 at each edge.</summary>
    public static AlertLoad Noisy(int seed)
    {
        var random = new Random(seed);
        return new(Enumerable.Range(0, 3000).Select(second => Math.Max(0, ((second % 1000) switch { < 300 => 5, < 450 => 10, < 600 => 15, < 750 => 10, _ => 4 }) + random.Next(-4, 5))));
    }

    /// <summary>From nearly nothing to much and back, every two minutes.</summary>
    public static AlertLoad Steep(int seed)
    {
        var random = new Random(seed);
        return new(Enumerable.Range(0, 1200).Select(second => second % 120 < 60 ? random.Next(1, 3) : random.Next(25, 35)));
    }

    /// <summary>Each second, the average of the seconds of the window before it.</summary>
    public List<string> Messages(int window, int above, int recoverBelow)
    {
        var messages = new List<string>();
        var isFiring = false;
        var last = Array.FindLastIndex(_hits, hits => hits > 0);
        for (var second = 0; second <= last; second++)
        {
            var sum = 0;
            for (var before = Math.Max(0, second - window); before < second; before++)
            {
                sum += _hits[before];
            }

            if (isFiring ? sum < recoverBelow * window : sum > above * window)
            {
                isFiring = !isFiring;
                var value = Math.Round((decimal)sum / window, 2, MidpointRounding.AwayFromZero).ToString("0.##", CultureInfo.InvariantCulture);
                var time = AccessLines.Start.AddSeconds(second).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
                messages.Add(isFiring ? $"High traffic generated an alert - hits = {value}, triggered at {time}" : $"High traffic alert recovered - hits = {value}, recovered at {time}");
            }
        }

        return messages;
    }
}
