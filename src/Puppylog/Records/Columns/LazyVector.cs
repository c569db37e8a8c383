namespace Puppylog.Records.Columns;

/// <summary>
/// A column that is decoded when a value is first asked for; vectors that share it decode it once. One thread at a time may
/// call each.
/// </summary>
sealed class LazyVector : ColumnVector
{
    readonly Source _source;
    ColumnVector? _column;

    /// <param name="count">Records.</param>
    /// <param name="form">What is known of the values.</param>
    /// <param name="heldBytes">About what the column will hold when it is decoded.</param>
    /// <param name="decode">Makes the column; its <see cref="CorruptDataException"/> comes from the first use.</param>
    public LazyVector(int count, LazyForm form, long heldBytes, Func<ColumnVector> decode)
        : this(count, new Source(form, heldBytes, decode))
    {
    }

    LazyVector(int count, Source source)
        : base(count) => _source = source;

    public LazyForm Form => _source.Form;

    public bool IsDecoded => _source.IsDecoded;

    public ColumnVector Column => _column ??= _source.Get();

    public override bool IsPresent(int row) => Column.IsPresent(row);

    public override ReadOnlySpan<byte> Value(int row) => Column.Value(row);

    public override bool IsEmpty(int row) => Column.IsEmpty(row);

    public override ValueKind Kind(int row) => Column.Kind(row);

    public override long HeldBytes => _source.HeldBytes;

    public override ColumnVector Share() => new LazyVector(Count, _source);

    sealed class Source(LazyForm form, long heldBytes, Func<ColumnVector> decode)
    {
        readonly Lock _gate = new();
        Func<ColumnVector>? _decode = decode;
        ColumnVector? _shared;

        public LazyForm Form => form;

        public long HeldBytes => heldBytes;

        public bool IsDecoded => Volatile.Read(ref _shared) is not null;

        public ColumnVector Get()
        {
            lock (_gate)
            {
                if (_shared is { } known)
                {
                    return known.Share()!;
                }

                var column = _decode!();
                if (column.Share() is { } shared)
                {
                    Volatile.Write(ref _shared, shared);
                    _decode = null;
                }

                return column;
            }
        }
    }
}
