namespace Puppylog.App.Api.Select;

/// <summary>Records over time.</summary>
/// <param name="fields">What they have in common; empty for all, and for the rest behind <c>fields_limit</c>.</param>
sealed class HitsGroup(Dictionary<string, string> fields)
{
    readonly List<string> _timestamps = [];
    readonly List<long> _values = [];

    public Dictionary<string, string> Fields => fields;

    /// <summary>Beginnings of the steps that have records, in order.</summary>
    public IReadOnlyList<string> Timestamps => _timestamps;

    /// <summary>Records in each.</summary>
    public IReadOnlyList<long> Values => _values;

    public long Total { get; private set; }

    public void Add(string timestamp, long hits)
    {
        _timestamps.Add(timestamp);
        _values.Add(hits);
        Total += hits;
    }
}
