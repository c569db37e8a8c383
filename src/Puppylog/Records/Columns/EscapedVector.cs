namespace Puppylog.Records.Columns;

/// <summary>Values as a line has them within the quotes of JSON strings.</summary>
sealed class EscapedVector : ColumnVector
{
    byte[] _scratch = [];

    EscapedVector(ColumnVector values, JsonEscapes escapes)
        : base(values.Count)
    {
        Values = values;
        Escapes = escapes;
    }

    public ColumnVector Values { get; }

    public JsonEscapes Escapes { get; }

    /// <summary>The values escaped: once per distinct value where there is a dictionary.</summary>
    public static ColumnVector Of(ColumnVector values, JsonEscapes escapes)
    {
        var escaped = new EscapedVector(values, escapes);
        return values switch
        {
            ConstantVector constant => new ConstantVector(constant.Count, escaped.Escape(constant.Constant).ToArray()),
            DictionaryVector dictionary => escaped.Map(dictionary),
            _ => escaped,
        };
    }

    public override bool IsPresent(int row) => Values.IsPresent(row);

    public override ReadOnlySpan<byte> Value(int row) => Escape(Values.Value(row));

    public override bool IsEmpty(int row) => Values.IsEmpty(row);

    DictionaryVector Map(DictionaryVector dictionary)
    {
        var bytes = new List<byte>();
        var offsets = new int[dictionary.Values.Count + 1];
        for (var code = 0; code < dictionary.Values.Count; code++)
        {
            bytes.AddRange(Escape(dictionary.Values[code]));
            offsets[code + 1] = bytes.Count;
        }

        return new(dictionary.Count, new ByteTable([.. bytes], offsets), dictionary.Codes, dictionary.AbsentCode);
    }

    ReadOnlySpan<byte> Escape(ReadOnlySpan<byte> value)
    {
        if (_scratch.Length < value.Length * JsonEscapes.MaxGrowth)
        {
            _scratch = new byte[value.Length * JsonEscapes.MaxGrowth];
        }

        return _scratch.AsSpan(0, Escapes.Write(value, _scratch));
    }
}
