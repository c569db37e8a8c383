using System.Buffers;
using Puppylog.Query.Filters.Automata;
using Puppylog.Query.Filters.Scan;
using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.Query.Filters.Composed;

/// <summary>Passes a dictionary: a state per distinct value, found by one search through all their bytes where that will do.</summary>
static class DictionaryWalk
{
    /// <summary>With fewer rows per distinct value than one in this many, the values of the rows are looked at.</summary>
    const int SparseShare = 4;

    public static void Advance(in Passage passage, DictionaryVector dictionary, int state, RowBitmap rows, StateGroups target)
    {
        var left = rows.CountSet();
        if (left < dictionary.DistinctCount / SparseShare)
        {
            ColumnWalk.Each(passage, dictionary, state, rows, target);
            return;
        }

        var table = ArrayPool<int>.Shared.Rent(dictionary.DistinctCount);
        var after = table.AsSpan(0, dictionary.DistinctCount);
        var used = left < rows.Count / 2 && !passage.Automaton.IsSearching(state) ? Used(dictionary, rows) : null;
        if (!dictionary.HasValues)
        {
            WalkDistinct(passage, dictionary, state, used, after);
        }
        else if (dictionary.Values is var values && (passage.Escapes is not null || !TryFind(passage, values, state, used, after)))
        {
            for (var code = 0; code < after.Length; code++)
            {
                after[code] = used is null || used[code] ? passage.After(state, values[code]) : ByteAutomaton.Rejected;
            }
        }

        if (dictionary.AbsentCode >= 0)
        {
            after[dictionary.AbsentCode] = passage.AfterAbsent(state);
        }

        Distribute(dictionary, after, rows, target);
        ArrayPool<int>.Shared.Return(table);
        if (used is not null)
        {
            ArrayPool<bool>.Shared.Return(used);
        }
    }

    /// <summary>Passes the values as the column that they are.</summary>
    static void WalkDistinct(in Passage passage, DictionaryVector dictionary, int state, bool[]? used, Span<int> after)
    {
        var distinct = dictionary.Distinct!;
        var rows = used is null ? RowBitmap.All(distinct.Count) : new RowBitmap(distinct.Count);
        for (var place = 0; used is not null && place < distinct.Count; place++)
        {
            rows[place] = used[dictionary.CodeOf(place)];
        }

        var groups = new StateGroups(distinct.Count);
        ColumnWalk.Advance(passage, distinct, state, rows, groups);
        after.Fill(ByteAutomaton.Rejected);
        foreach (var (reached, found) in groups.All)
        {
            if (found.CountSet() == distinct.Count)
            {
                after.Fill(reached);
                break;
            }

            for (var place = found.Next(0); place >= 0; place = found.Next(place + 1))
            {
                after[dictionary.CodeOf(place)] = reached;
            }
        }
    }

    /// <summary>Whether some of the rows has the code; a rented array.</summary>
    static bool[] Used(DictionaryVector dictionary, RowBitmap rows)
    {
        var used = ArrayPool<bool>.Shared.Rent(dictionary.DistinctCount);
        used.AsSpan(0, dictionary.DistinctCount).Clear();
        for (var row = rows.Next(0); row >= 0; row = rows.Next(row + 1))
        {
            used[dictionary.Codes[row]] = true;
        }

        return used;
    }

    /// <summary>Looks for the prefix of a match in all values at once; false where the values must be taken one by one.</summary>
    static bool TryFind(in Passage passage, ByteTable values, int state, bool[]? used, Span<int> after)
    {
        Span<bool> ends = stackalloc bool[256];
        var automaton = passage.Automaton;
        var isSearching = automaton.IsSearching(state);
        if (!automaton.TryPass(isSearching ? state : automaton.Searching, passage.Following, out var next, ends))
        {
            return false;
        }

        // A match that is under way ends in most values after a few bytes, and then the rest is like any other value.
        after.Fill(next);
        var (bytes, offsets) = (values.Bytes, values.Offsets);
        if (!isSearching || ends.Contains(true))
        {
            for (var code = 0; code < after.Length; code++)
            {
                var value = values[code];
                if (used is not null && !used[code])
                {
                    continue;
                }

                if ((value.Length > 0 && ends[value[^1]]) || (!isSearching && !automaton.FallsBack(state, value)))
                {
                    after[code] = passage.After(state, value);
                }
            }
        }

        var prefix = automaton.Prefix;
        var (at, start, end) = (0, offsets[0], offsets[^1]);
        while (start < end)
        {
            var hit = bytes.AsSpan(start, end - start).IndexOf(prefix);
            if (hit < 0)
            {
                break;
            }

            hit += start;
            while (offsets[at + 1] <= hit)
            {
                at++;
            }

            if (hit + prefix.Length > offsets[at + 1])
            {
                start = hit + 1;
                continue;
            }

            if (used is null || used[at])
            {
                after[at] = passage.After(state, values[at]);
            }

            start = offsets[at + 1];
        }

        return true;
    }

    static void Distribute(DictionaryVector dictionary, ReadOnlySpan<int> after, RowBitmap rows, StateGroups target)
    {
        var usual = after[after.Length / 2] == after[^1] ? after[^1] : after[0];
        var others = ArrayPool<byte>.Shared.Rent(after.Length);
        var (count, last) = (0, 0);
        for (var code = 0; code < after.Length; code++)
        {
            var differs = after[code] != usual;
            others[code] = differs ? (byte)1 : (byte)0;
            if (differs)
            {
                count++;
                last = code;
            }
        }

        var codes = dictionary.Codes.AsSpan(0, dictionary.Count);
        if (count == 0)
        {
            target.Add(usual, rows);
        }
        else
        {
            var rest = rows.Clone();
            if (count == 1)
            {
                RowMasks.KeepCode(codes, (ushort)last, rest);
                target.Add(after[last], rest);
            }
            else
            {
                RowMasks.KeepCodes(codes, others.AsSpan(0, after.Length), rest);
                for (var row = rest.Next(0); row >= 0; row = rest.Next(row + 1))
                {
                    target.Add(after[codes[row]], row);
                }
            }

            var main = rows.Clone();
            main.AndNot(rest);
            target.Add(usual, main);
        }

        ArrayPool<byte>.Shared.Return(others);
    }
}
