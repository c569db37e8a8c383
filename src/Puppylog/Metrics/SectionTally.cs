using System.Runtime.InteropServices;
using System.Text;
using Puppylog.Records.Columns;

namespace Puppylog.Metrics;

/// <summary>Hits per section: once per distinct value where the column is a dictionary.</summary>
sealed class SectionTally
{
    /// <summary>Distinct sections that are told apart; hits of further ones are counted as <see cref="Other"/>.</summary>
    public const int MaxSections = 10_000;

    public const string Other = "(other)";

    readonly Dictionary<byte[], long> _hits = new(ByteKeys.Instance);
    long _other;

    public void Add(ColumnVector? column, ReadOnlySpan<int> rows)
    {
        switch (column)
        {
            case null:
                Count([], rows.Length);
                break;
            case ConstantVector constant:
                Count(constant.Constant, rows.Length);
                break;
            case DictionaryVector dictionary when dictionary.DistinctCount <= rows.Length:
                var counts = new int[dictionary.Values.Count];
                foreach (var row in rows)
                {
                    counts[dictionary.Codes[row]]++;
                }

                for (var code = 0; code < counts.Length; code++)
                {
                    Count(dictionary.Values[code], counts[code]);
                }

                break;
            default:
                foreach (var row in rows)
                {
                    Count(column.Value(row), 1);
                }

                break;
        }
    }

    /// <summary>The sections with the most hits, equal ones by name.</summary>
    public IReadOnlyList<SectionHits> Top(int count)
    {
        var top = _hits.Select(section => new SectionHits(Encoding.UTF8.GetString(section.Key), section.Value))
            .OrderByDescending(section => section.Hits).ThenBy(section => section.Name, StringComparer.Ordinal);
        var other = _other > 0 ? new[] { new SectionHits(Other, _other) } : [];
        return [.. top.Take(count).Concat(other)];
    }

    void Count(ReadOnlySpan<byte> section, long hits)
    {
        if (hits == 0)
        {
            return;
        }

        if (section.IsEmpty)
        {
            section = "-"u8;
        }

        var lookup = _hits.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (_hits.Count >= MaxSections && !lookup.ContainsKey(section))
        {
            _other += hits;
            return;
        }

        CollectionsMarshal.GetValueRefOrAddDefault(lookup, section, out _) += hits;
    }
}
