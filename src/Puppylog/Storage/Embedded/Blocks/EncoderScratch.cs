using Puppylog.Records;
using Puppylog.Storage.Embedded.Blocks.Encodings;
using Puppylog.Storage.Embedded.Blocks.Encodings.Templates;
using Puppylog.Storage.Embedded.Blocks.Integers;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Storage.Embedded.Blocks;

/// <summary>Buffers that one encoder keeps from column to column and from block to block.</summary>
sealed class EncoderScratch
{
    /// <summary>Columns deep within columns have fewer values, and their own dictionaries need not be as large.</summary>
    const int NestedDictionary = 1 << 13;

    long[] _numbers = [];
    long[] _scales = [];
    int[] _identity = [];
    int[] _runs = [];
    int _runStride;
    int _runCount;
    ushort[] _templateOf = [];
    ByteSpan[] _spans = [];
    EncoderScratch? _nested;
    ValueDictionary? _dictionary;
    TemplateBuilder? _templates;

    /// <summary>How many columns this one lies within.</summary>
    public int Depth { get; private init; }

    /// <summary>How much may lie within the column that is being written.</summary>
    public NestingLimit Limit { get; private init; } = new();

    public ValueDictionary Dictionary => _dictionary ??= new(Depth <= 1 ? BlockFormat.MaxDictionary : NestedDictionary);

    public IntegerScratch Integers { get; } = new();

    public ExceptionList Exceptions { get; } = new();

    public TemplateBuilder Templates => _templates ??= new();

    /// <summary>Values gathered one behind the other: after a text was written, what it consists of.</summary>
    public ByteWriter Gathered { get; } = new();

    /// <summary>The buffers of the columns within a column.</summary>
    public EncoderScratch Nested => _nested ??= new() { Depth = Depth + 1, Limit = Limit };

    /// <summary>Places of values that lie in runs of so many: the first of each run so many runs behind the first of the one before.</summary>
    public ReadOnlySpan<int> Runs(int count, int run, int stride)
    {
        if (_runs.Length < count)
        {
            _runCount = 0;
        }

        var places = Sized(ref _runs, count);
        if (_runStride != stride)
        {
            (_runStride, _runCount) = (stride, 0);
        }

        for (; _runCount < count; _runCount++)
        {
            places[_runCount] = (_runCount / run * run * stride) + (_runCount % run);
        }

        return places;
    }

    public Span<ushort> TemplateOf(int count) => Sized(ref _templateOf, count);

    public Span<long> Numbers(int count) => Sized(ref _numbers, count);

    public Span<long> Scales(int count) => Sized(ref _scales, count);

    public Span<ByteSpan> Spans(int count) => Sized(ref _spans, count);

    /// <summary>0, 1, 2 and so on.</summary>
    public ReadOnlySpan<int> Identity(int count)
    {
        if (_identity.Length < count)
        {
            _identity = new int[Math.Max(count, 4096)];
            for (var i = 0; i < _identity.Length; i++)
            {
                _identity[i] = i;
            }
        }

        return _identity.AsSpan(0, count);
    }

    static Span<T> Sized<T>(ref T[] array, int count)
    {
        if (array.Length < count)
        {
            array = new T[Math.Max(count, 4096)];
        }

        return array.AsSpan(0, count);
    }
}
