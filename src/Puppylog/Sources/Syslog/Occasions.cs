using System.Collections.Concurrent;
using System.Globalization;

namespace Puppylog.Sources.Syslog;

/// <summary>Things that go wrong with senders, by kind: the first is said, and then the tenth, the hundredth and so on. Safe for several threads.</summary>
sealed class Occasions(Action<string> notice)
{
    readonly ConcurrentDictionary<string, long> _counts = new(StringComparer.Ordinal);

    /// <summary>How often each kind has happened.</summary>
    public IReadOnlyDictionary<string, long> Counts => _counts;

    /// <param name="kind">What is counted together.</param>
    /// <param name="sentence">What happened, this time.</param>
    public void Note(string kind, string sentence)
    {
        var count = _counts.AddOrUpdate(kind, 1, (_, before) => before + 1);
        if (count == 1)
        {
            notice($"{sentence}; further ones are counted");
        }
        else if (IsPowerOfTen(count))
        {
            notice(string.Create(CultureInfo.InvariantCulture, $"{sentence}; {count} times by now"));
        }
    }

    static bool IsPowerOfTen(long count)
    {
        while (count % 10 == 0)
        {
            count /= 10;
        }

        return count == 1;
    }
}
