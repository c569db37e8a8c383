using System.Buffers;
using System.Runtime.ExceptionServices;
using Puppylog.Query.Values;
using Puppylog.Records.Columns;

namespace Puppylog.Query.Execution.Groups;

/// <summary>
/// Keys and how often each came. Cut by hash into parts that know nothing of each other, so that the tables of several
/// workers are merged in parallel, and a part's memory is free again as soon as it is merged.
/// </summary>
sealed class HitTable : GroupKeys
{
    const int PartBits = 3;
    const int IndexBits = 31 - PartBits;

    /// <summary>How many look-ups are prepared ahead, about as many as a core has loads in flight.</summary>
    const int Ahead = 16;

    /// <summary>Keys from which merging is worth other threads.</summary>
    const int ParallelFrom = 1 << 15;

    readonly Part[] _parts;

    /// <summary>IPv4 addresses, which are counted as numbers: their groups are the negative ones, ~place.</summary>
    readonly AddressCounts _addresses;

    /// <summary>Two, because two keys are compared at a time.</summary>
    readonly byte[][] _addressTexts = [new byte[Ipv4Vector.MaxLength], new byte[Ipv4Vector.MaxLength]];
    int _lastText;

    public HitTable(int fieldCount, QueryMemory memory)
        : base(fieldCount)
    {
        _addresses = new(memory);
        _parts = new Part[1 << PartBits];
        for (var i = 0; i < _parts.Length; i++)
        {
            _parts[i] = new(memory);
        }
    }

    public int Count => _addresses.Count + _parts.Sum(part => part.Keys.Count);

    /// <summary>The key; holds until the call after the next.</summary>
    public override ReadOnlySpan<byte> Key(int group)
    {
        if (group >= 0)
        {
            return _parts[group >> IndexBits].Keys[group & ((1 << IndexBits) - 1)];
        }

        _addresses.TryGet(~group, out var address, out _);
        var text = _addressTexts[_lastText ^= 1];
        return text.AsSpan(0, Ipv4Vector.Format(address, text));
    }

    /// <summary>Adds the addresses of rows; the table's key is that one field.</summary>
    public void Add(Ipv4Vector values, ReadOnlySpan<int> rows)
    {
        var absent = 0;
        foreach (var row in rows)
        {
            if (values.IsPresent(row))
            {
                _addresses.Add(values.Addresses[row], 1);
            }
            else
            {
                absent++;
            }
        }

        if (absent > 0)
        {
            Add([], absent);
        }
    }

    /// <summary>Adds each distinct address as often as its code came.</summary>
    /// <param name="dictionary">Says which code is whose.</param>
    /// <param name="values">Its values.</param>
    /// <param name="hits">Rows per code.</param>
    public void Add(DictionaryVector dictionary, Ipv4Vector values, ReadOnlySpan<int> hits)
    {
        for (var place = 0; place < values.Count; place++)
        {
            var its = hits[dictionary.CodeOf(place)];
            if (its > 0)
            {
                _addresses.Add(values.Addresses[place], its);
            }
        }

        if (dictionary.AbsentCode >= 0 && hits[dictionary.AbsentCode] > 0)
        {
            Add([], hits[dictionary.AbsentCode]);
        }
    }

    public void Add(ReadOnlySpan<byte> key, long hits)
    {
        var hash = ByteHash.Of(key);
        PartOf(hash).Add(key, hash, hits);
    }

    /// <summary>Adds each distinct value as often as its code came.</summary>
    /// <param name="values">The values of the codes.</param>
    /// <param name="hits">Rows per code.</param>
    public void Add(ByteTable values, ReadOnlySpan<int> hits)
    {
        var hashes = ArrayPool<ulong>.Shared.Rent(values.Count);
        for (var code = 0; code < values.Count + Ahead; code++)
        {
            if (code < values.Count && hits[code] > 0)
            {
                var hash = ByteHash.Of(values[code]);
                hashes[code] = hash;
                PartOf(hash).Keys.Prefetch(hash);
            }

            var now = code - Ahead;
            if (now >= 0 && hits[now] > 0)
            {
                PartOf(hashes[now]).Add(values[now], hashes[now], hits[now]);
            }
        }

        ArrayPool<ulong>.Shared.Return(hashes);
    }

    /// <summary>Adds the values of rows of a column whose bytes stay where they are.</summary>
    public void Add(TextVector values, ReadOnlySpan<int> rows)
    {
        Span<ulong> hashes = stackalloc ulong[Ahead];
        for (var i = 0; i < rows.Length + Ahead; i++)
        {
            ref var hash = ref hashes[i % Ahead];
            if (i >= Ahead)
            {
                PartOf(hash).Add(values.Value(rows[i - Ahead]), hash, 1);
            }

            if (i < rows.Length)
            {
                hash = ByteHash.Of(values.Value(rows[i]));
                PartOf(hash).Keys.Prefetch(hash);
            }
        }
    }

    /// <summary>Takes over another table, which is used up.</summary>
    public void Merge(HitTable other)
    {
        _addresses.Merge(other._addresses);
        if (other.Count < ParallelFrom)
        {
            for (var i = 0; i < _parts.Length; i++)
            {
                MergePart(other, i);
            }

            return;
        }

        try
        {
            Parallel.For(0, _parts.Length, part => MergePart(other, part));
        }
        catch (AggregateException several)
        {
            ExceptionDispatchInfo.Throw(several.InnerExceptions[0]);
        }
    }

    /// <summary>All groups with their hits, to be ranked by them or not.</summary>
    public IEnumerable<(int Group, long Hits)> Groups()
    {
        if (_addresses.Count > 0)
        {
            MoveAddresses();
        }

        for (var place = 0; place < _addresses.Places; place++)
        {
            if (_addresses.TryGet(place, out _, out var hits))
            {
                yield return (~place, hits);
            }
        }

        for (var part = 0; part < _parts.Length; part++)
        {
            for (var i = 0; i < _parts[part].Keys.Count; i++)
            {
                if (_parts[part].Hits.Items[i] > 0)
                {
                    yield return ((part << IndexBits) | i, _parts[part].Hits.Items[i]);
                }
            }
        }
    }

    public long Hits(int group) => group < 0 ? _addresses.TryGet(~group, out _, out var hits) ? hits : 0 : _parts[group >> IndexBits].Hits.Items[group & ((1 << IndexBits) - 1)];

    /// <summary>The hits of a key that was added as bytes; 0 where it was not.</summary>
    public long Hits(ReadOnlySpan<byte> key)
    {
        var hash = ByteHash.Of(key);
        var part = PartOf(hash);
        return part.Keys.Find(key, hash) is >= 0 and var index ? part.Hits.Items[index] : 0;
    }

    /// <summary>Gives the budget back; the table is not used any more.</summary>
    public void Release()
    {
        _addresses.Release();
        foreach (var part in _parts)
        {
            part.Keys.Release();
            part.Hits.Release();
        }
    }

    /// <summary>Counts addresses that other blocks held as text with those that came as numbers.</summary>
    void MoveAddresses()
    {
        foreach (var part in _parts)
        {
            for (var i = 0; i < part.Keys.Count; i++)
            {
                if (part.Hits.Items[i] > 0 && AddressText.TryParse(part.Keys[i], out var address))
                {
                    _addresses.Add(address, part.Hits.Items[i]);
                    part.Hits.Items[i] = 0;
                }
            }
        }
    }

    Part PartOf(ulong hash) => _parts[hash >> (64 - PartBits)];

    void MergePart(HitTable other, int index)
    {
        var (mine, theirs) = (_parts[index], other._parts[index]);
        if (mine.Keys.Count < theirs.Keys.Count)
        {
            (mine, theirs) = (theirs, mine);
            _parts[index] = mine;
        }

        for (var i = 0; i < theirs.Keys.Count; i++)
        {
            if (i + Ahead < theirs.Keys.Count)
            {
                mine.Keys.Prefetch(theirs.Keys.Hash(i + Ahead));
            }

            mine.Add(theirs.Keys[i], theirs.Keys.Hash(i), theirs.Hits.Items[i]);
        }

        theirs.Keys.Release();
        theirs.Hits.Release();
    }

    sealed class Part(QueryMemory memory)
    {
        public KeyTable Keys { get; } = new(memory);

        public GroupArray<long> Hits { get; } = new(memory, 8);

        public void Add(ReadOnlySpan<byte> key, ulong hash, long hits)
        {
            var index = Keys.GetOrAdd(key, hash);
            Hits.Ensure(Keys.Count);
            Hits.Items[index] += hits;
        }
    }
}
