using System.Text;
using Puppylog.Processing;
using Puppylog.Processing.Options;
using Puppylog.Records;

namespace Puppylog.Intake;

/// <summary>The records of one body, in batches of the size that the store likes, and what was rejected of it.</summary>
sealed class IntakeBatches
{
    /// <summary>Records of a body: each costs memory, however few bytes it came in.</summary>
    public const int MaxRecords = 1_000_000;

    /// <summary>Values that records share (labels, attributes of a resource) of a body: they come once and are set on each.</summary>
    const int MaxShared = 16_000_000;

    readonly IntakeOptions _options;
    readonly ProcessorChain _chain;
    readonly StreamMarker _streams;
    readonly IntakeProcessing? _processing;
    readonly List<RecordBatch> _batches = [];
    readonly List<ProcessedBatch> _processed = [];
    RecordBatch? _open;
    bool _isComplete;
    int _records;
    int _shared;

    /// <param name="options">What the sender wants.</param>
    /// <param name="clock">When it came.</param>
    /// <param name="processing">What is done with all that is sent; null for nothing.</param>
    /// <exception cref="IntakeException">The options name a field that cannot be.</exception>
    public IntakeBatches(IntakeOptions options, TimeProvider clock, IntakeProcessing? processing = null)
    {
        _options = options;
        _processing = processing;
        Redactor = processing?.RentRedactor();
        List<ProcessorOptions> steps = [.. options.ExtraFields.Select(WithoutSecrets).Select(field => new AddOptions(field.Key, field.Value) { Overwrite = true })];
        if (!options.IgnoredFields.IsEmpty)
        {
            steps.Add(new RemoveOptions(options.IgnoredFields));
        }

        try
        {
            _chain = new(steps, clock);
        }
        catch (ArgumentException mistake)
        {
            throw new IntakeException($"a field of ignore_fields or extra_fields cannot be taken: {mistake.Message}");
        }

        _streams = new(options.StreamFields ?? []);
        Now = Timestamps.Now(clock);
    }

    /// <summary>When the body came, nanoseconds since 1970: the time of entries without one.</summary>
    public long Now { get; }

    public Rejections Rejections { get; } = new();

    /// <summary>What lines and fields go through before they get into a batch; null where they stay as they are.</summary>
    public IntakeRedactor? Redactor { get; private set; }

    /// <summary>Places that were redacted; known when it is complete.</summary>
    public long Redacted { get; private set; }

    /// <summary>What processors did to the batches, in the order of the records; nothing where there are none.</summary>
    public IReadOnlyList<ProcessedBatch> Processed => _processed;

    /// <summary>Records that processors dropped.</summary>
    public long Dropped => _processed.Sum(done => done.AllDropped);

    /// <summary>Where a record of the shape is to be added.</summary>
    /// <exception cref="IntakeException">The body has too many records.</exception>
    public RecordBatch For(RecordShape shape)
    {
        if (_records++ == MaxRecords)
        {
            throw new IntakeException($"more than {MaxRecords} records at a time: send them in several requests") { IsTooMuch = true };
        }

        if (_open is null || _open.IsFull || !ReferenceEquals(_open.Shape, shape))
        {
            Close();
            _open = new(shape);
        }

        return _open;
    }

    /// <summary>Takes in a batch that was filled elsewhere.</summary>
    public void Add(RecordBatch batch)
    {
        Close();
        _records += batch.Count;
        _open = batch;
        Close();
        if (_records > MaxRecords)
        {
            throw new IntakeException($"more than {MaxRecords} records at a time: send them in several requests") { IsTooMuch = true };
        }
    }

    /// <summary>Takes note of shared values that are set on a record.</summary>
    public void Charge(int values)
    {
        _shared += values;
        if (_shared > MaxShared)
        {
            throw new IntakeException("too many records share too many labels or attributes: send them in several requests") { IsTooMuch = true };
        }
    }

    /// <summary>
    /// All records that are left of what was sent, ready to be committed. Processors see them when the whole body was
    /// understood: what they remember of records that are not stored would drop the same ones when they come again.
    /// </summary>
    public IReadOnlyList<RecordBatch> Complete()
    {
        if (_isComplete)
        {
            return _batches;
        }

        Close();
        _isComplete = true;
        if (Redactor is { } redactor)
        {
            Redacted = redactor.TakeCount();
            Redactor = null;
            _processing!.Return(redactor);
        }

        if (_processing is { HasProcessors: true })
        {
            _processed.AddRange(_batches.Select(_processing.Apply));
            _batches.RemoveAll(batch => batch.Count == 0);
        }

        return _batches;
    }

    KeyValuePair<string, string> WithoutSecrets(KeyValuePair<string, string> field)
    {
        ReadOnlySpan<byte> name = Encoding.UTF8.GetBytes(field.Key), value = Encoding.UTF8.GetBytes(field.Value);
        var kind = ValueKind.Text;
        Redactor?.Field(ref name, ref value, ref kind);
        return new(Encoding.UTF8.GetString(name), Encoding.UTF8.GetString(value));
    }

    void Close()
    {
        if (_open is { Count: > 0 } batch)
        {
            if (!_chain.IsEmpty)
            {
                _chain.Apply(batch);
            }

            if (_options.StreamFields is not null)
            {
                _streams.Mark(batch);
            }

            _batches.Add(batch);
        }

        _open = null;
    }
}
