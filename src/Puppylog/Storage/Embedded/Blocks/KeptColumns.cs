using System.Buffers;
using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.Storage.Embedded.Blocks;

/// <summary>
/// Columns of a block as they were when it was encoded, for who reads it at once: decoding them again would give the same.
/// Disposed of with the block's buffer: its numbers lie in arrays of the pool.
/// </summary>
/// <param name="names">The columns that are asked for; the times are kept anyway.</param>
/// <param name="shape">What is derived from them.</param>
sealed class KeptColumns(IReadOnlySet<string> names, RecordShape shape) : IDisposable
{
    readonly Dictionary<string, ColumnVector> _columns = new(StringComparer.Ordinal);
    readonly List<long[]> _numbers = [];

    public ColumnVector? Find(string name) => _columns.GetValueOrDefault(name);

    public void AddTimes(ReadOnlySpan<long> times, ReadOnlySpan<int> rows)
    {
        var kept = Rent(rows.Length);
        for (var i = 0; i < rows.Length; i++)
        {
            kept[i] = times[rows[i]];
        }

        _columns[FieldNames.Time] = new TimestampVector(rows.Length, kept);
    }

    /// <summary>Keeps a column of few distinct values and what is derived from it, where it is asked for.</summary>
    public void Add(string name, ValueDictionary dictionary, int count)
    {
        foreach (var derived in shape.Derived)
        {
            // Of two ways to derive a field the first holds.
            if (derived.Source == name && names.Contains(derived.Name) && shape.Derived.First(other => other.Name == derived.Name) == derived)
            {
                _columns[derived.Name] = Derive(derived, dictionary, count);
            }
        }

        if (!names.Contains(name))
        {
            return;
        }

        // All but the absent one's.
        var values = dictionary.Values;
        var absent = dictionary.AbsentCode;
        ByteSpan[] spans = absent < 0 ? values.ToArray() : [.. values[..absent], .. values[(absent + 1)..]];
        var distinct = new TextVector(spans.Length, dictionary.Text.ToArray(), spans);
        _columns[name] = DictionaryVector.Of(count, distinct, dictionary.Codes(count).ToArray(), dictionary.AbsentCode, dictionary.HasKinds ? dictionary.Kinds.ToArray() : null);
    }

    /// <summary>Keeps integers, 0 where absent.</summary>
    public void Add(string name, in ColumnInput column, ReadOnlySpan<long> numbers, int present, ValueKind kind)
    {
        if (!names.Contains(name))
        {
            return;
        }

        var kept = Rent(numbers.Length);
        numbers.CopyTo(kept);
        _columns[name] = new IntegerVector(numbers.Length, kept, present == numbers.Length ? null : Present(column), kind);
    }

    /// <summary>A stored field hides what is derived under its name.</summary>
    public void Hide(string name)
    {
        if (shape.Derived.Any(derived => derived.Name == name))
        {
            _columns.Remove(name);
        }
    }

    public void Dispose()
    {
        foreach (var numbers in _numbers)
        {
            ArrayPool<long>.Shared.Return(numbers);
        }

        _numbers.Clear();
        _columns.Clear();
    }

    long[] Rent(int count)
    {
        var rented = ArrayPool<long>.Shared.Rent(count);
        _numbers.Add(rented);
        return rented;
    }

    /// <summary>As <see cref="DerivedColumn"/> does it, without the source's values having to be kept.</summary>
    static DictionaryVector Derive(DerivedField field, ValueDictionary dictionary, int count)
    {
        var known = new DistinctValues(64);
        var absent = dictionary.AbsentCode >= 0 ? known.Add([]) : -1;
        var mapped = ArrayPool<ushort>.Shared.Rent(dictionary.Count);
        for (var code = 0; code < dictionary.Count; code++)
        {
            mapped[code] = (ushort)(code == dictionary.AbsentCode ? absent : known.GetOrAdd(field.Apply(dictionary.Value(code))));
        }

        var codes = new ushort[count];
        var sources = dictionary.Codes(count);
        for (var row = 0; row < codes.Length; row++)
        {
            codes[row] = mapped[sources[row]];
        }

        ArrayPool<ushort>.Shared.Return(mapped);
        return new(count, known.ToTable(), codes, absent);
    }

    static RowBitmap Present(in ColumnInput column)
    {
        var present = new RowBitmap(column.Rows.Length);
        for (var i = 0; i < column.Rows.Length; i++)
        {
            present[i] = !column.Spans[column.Rows[i]].IsAbsent;
        }

        return present;
    }
}
