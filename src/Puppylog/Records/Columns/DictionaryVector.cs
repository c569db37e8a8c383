namespace Puppylog.Records.Columns;

/// <summary>
/// Distinct values once, and a code per record. The values may be a column of their own, which is made into bytes only where
/// somebody asks for <see cref="Values"/>; then one thread at a time may call.
/// </summary>
sealed class DictionaryVector : ColumnVector
{
    /// <summary>What the bytes of all values may be at the most: templates can say much in few bytes.</summary>
    const int MaxLength = 1 << 30;

    ByteTable? _values;
    Func<ByteTable?>? _recall;
    Action<ByteTable>? _remember;

    /// <param name="count">Records.</param>
    /// <param name="values">The distinct values; the entry of the absent code is empty.</param>
    /// <param name="codes">An index into the values per record (the array may be longer than the count).</param>
    /// <param name="absentCode">The code of records without the field, or -1 where all have it.</param>
    /// <param name="kinds">The kind per distinct value, or null where all are text.</param>
    public DictionaryVector(int count, ByteTable values, ushort[] codes, int absentCode, byte[]? kinds = null)
        : base(count)
    {
        (_values, DistinctCount, Codes, AbsentCode, Kinds) = (values, values.Count, codes, absentCode, kinds);
    }

    DictionaryVector(int count, ColumnVector distinct, ushort[] codes, int absentCode, byte[]? kinds)
        : base(count)
    {
        (Distinct, DistinctCount, Codes, AbsentCode, Kinds) = (distinct, distinct.Count + (absentCode < 0 ? 0 : 1), codes, absentCode, kinds);
    }

    /// <summary>The values as bytes, by code.</summary>
    /// <exception cref="CorruptDataException">They are more than a buffer can hold.</exception>
    public ByteTable Values => _values ??= _recall?.Invoke() ?? Make();

    /// <summary>Values, that of the absent code included.</summary>
    public int DistinctCount { get; }

    /// <summary>The values as a column, where they are not bytes yet: see <see cref="PlaceOf"/>.</summary>
    public ColumnVector? Distinct { get; }

    /// <summary>True where the bytes of the values are at hand.</summary>
    public bool HasValues => _values is not null;

    public ushort[] Codes { get; }

    public int AbsentCode { get; }

    public byte[]? Kinds { get; }

    public override bool IsPresent(int row) => Codes[row] != AbsentCode;

    public override ReadOnlySpan<byte> Value(int row) => ValueOf(Codes[row]);

    public override bool IsEmpty(int row) => IsEmptyValue(Codes[row]);

    /// <summary>True where the value of a code has no bytes.</summary>
    public bool IsEmptyValue(int code) => code == AbsentCode || (_values is not null ? _values[code].IsEmpty : Distinct!.IsEmpty(PlaceOf(code)));

    public override ValueKind Kind(int row) => Kinds is null ? ValueKind.Text : (ValueKind)Kinds[Codes[row]];

    public override long HeldBytes => (_values is null ? 0 : _values.Bytes.Length + (4L * _values.Offsets.Length))
        + (Distinct?.HeldBytes ?? 0) + (2L * Codes.Length) + (Kinds?.Length ?? 0);

    /// <summary>Bytes that were made of a column are not shared (see <see cref="KeepValues"/>).</summary>
    public override ColumnVector? Share() => Distinct is null ? this
        : Distinct.Share() is { } shared ? new DictionaryVector(Count, shared, Codes, AbsentCode, Kinds) : null;

    /// <summary>Where the value of a code lies in <see cref="Distinct"/>; the code is not the absent one.</summary>
    public int PlaceOf(int code) => AbsentCode < 0 || code < AbsentCode ? code : code - 1;

    /// <summary>The value of a code; holds until the next call on this vector.</summary>
    public ReadOnlySpan<byte> ValueOf(int code) => _values is not null ? _values[code] : code == AbsentCode ? default : Distinct!.Value(PlaceOf(code));

    /// <summary>The code of a place in <see cref="Distinct"/>.</summary>
    public int CodeOf(int place) => AbsentCode < 0 || place < AbsentCode ? place : place + 1;

    /// <summary>A dictionary whose values are a column.</summary>
    /// <param name="count">Records.</param>
    /// <param name="distinct">The distinct values, without one for the absent code.</param>
    /// <param name="codes">Places among the values per record, those behind the absent code moved by one.</param>
    /// <param name="absentCode">The code of records without the field, or -1 where all have it.</param>
    /// <param name="kinds">The kind per code, or null where all are text.</param>
    public static DictionaryVector Of(int count, ColumnVector distinct, ushort[] codes, int absentCode, byte[]? kinds) =>
        new(count, distinct, codes, absentCode, kinds);

    /// <summary>Lets bytes that are made of a column be kept for the next who needs them.</summary>
    /// <param name="recall">Gives what was kept, or null.</param>
    /// <param name="remember">Keeps bytes that were made.</param>
    public void KeepValues(Func<ByteTable?> recall, Action<ByteTable> remember) => (_recall, _remember) = (recall, remember);

    ByteTable Make()
    {
        var made = Table(PlainText.Of(Distinct!));
        _remember?.Invoke(made);
        return made;
    }

    ByteTable Table(TextVector values)
    {
        var offsets = new int[DistinctCount + 1];
        var inOrder = true;
        long length = 0;
        for (int code = 0, at = 0; code < DistinctCount; code++)
        {
            offsets[code] = (int)length;
            if (code != AbsentCode)
            {
                var span = values.Spans[at++];
                inOrder &= span.Offset == length;
                length += Math.Max(0, span.Length);
            }
        }

        if (length > MaxLength)
        {
            throw new CorruptDataException("a dictionary of too many bytes");
        }

        offsets[DistinctCount] = (int)length;
        if (inOrder)
        {
            return new(values.Bytes, offsets);
        }

        var bytes = new byte[length];
        for (int code = 0, at = 0; code < DistinctCount; code++)
        {
            if (code != AbsentCode)
            {
                values.Value(at++).CopyTo(bytes.AsSpan(offsets[code]));
            }
        }

        return new(bytes, offsets);
    }
}
