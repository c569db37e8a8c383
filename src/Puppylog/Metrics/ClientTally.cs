using Puppylog.Records.Columns;

namespace Puppylog.Metrics;

/// <summary>Distinct clients, exact up to <see cref="MaxClients"/>.</summary>
sealed class ClientTally(int maxClients = ClientTally.MaxClients)
{
    public const int MaxClients = 1_000_000;

    readonly HashSet<byte[]> _clients = new(ByteKeys.Instance);

    public int Count => _clients.Count;

    /// <summary>True where there are more than <see cref="Count"/>.</summary>
    public bool HasMore { get; private set; }

    public void Add(ColumnVector? hosts, ReadOnlySpan<int> rows)
    {
        switch (hosts)
        {
            case null:
                break;
            case ConstantVector constant:
                Add(constant.Constant);
                break;
            case DictionaryVector dictionary when dictionary.DistinctCount <= rows.Length:
                var seen = new bool[dictionary.Values.Count];
                foreach (var row in rows)
                {
                    seen[dictionary.Codes[row]] = true;
                }

                for (var code = 0; code < seen.Length; code++)
                {
                    if (seen[code])
                    {
                        Add(dictionary.Values[code]);
                    }
                }

                break;
            default:
                foreach (var row in rows)
                {
                    Add(hosts.Value(row));
                }

                break;
        }
    }

    void Add(ReadOnlySpan<byte> client)
    {
        if (client.IsEmpty)
        {
            return;
        }

        var lookup = _clients.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (_clients.Count < maxClients)
        {
            lookup.Add(client);
        }
        else if (!HasMore)
        {
            HasMore = !lookup.Contains(client);
        }
    }
}
