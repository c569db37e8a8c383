using Puppylog.Records;

namespace Puppylog.Parsing.Containers;

/// <summary>
/// What the logs of container runtimes have in common: around what the container wrote, which is the message and is read
/// further where its format is known (<see cref="InnerMessage"/>), the runtime's time and the name of the stream.
/// </summary>
abstract class ContainerParser : LineParser
{
    protected const string Stream = "stream";

    readonly InnerMessage _inner = new();
    BatchColumn _stream = null!;
    BatchColumn? _lineTime;

    public override string Format => Shape.Format;

    /// <remarks>Each container writes a format of its own.</remarks>
    public override bool LearnsStream => true;

    /// <summary>What the container wrote is looked into.</summary>
    public bool ReadsMessage { get; init; } = true;

    protected RecordBatch Batch { get; private set; } = null!;

    protected LineSketch Sketch { get; } = new();

    public override void Bind(RecordBatch batch)
    {
        Batch = batch;
        Sketch.Bind(batch);
        _inner.Bind(batch);
        _stream = batch.Column(Stream);
        _lineTime = null;
    }

    /// <summary>Adds the message's record, and returns the template that the message follows; null for none.</summary>
    /// <param name="message">In the batch.</param>
    /// <param name="time">As the line has it.</param>
    protected LineTemplate? AddMessage(ByteSpan message, long time)
    {
        time = ReplaceTimes ? ReadTime : time;
        if (ReadsMessage)
        {
            return _inner.Add(message, time);
        }

        Batch.Add(time, message, message, 0);
        return null;
    }

    /// <summary>Makes it the record of the whole line; returns its row.</summary>
    /// <param name="line">The line, or the joined ones.</param>
    /// <param name="template">What the line follows; 0 for none.</param>
    /// <param name="stream">The stream's name in the batch.</param>
    /// <param name="time">The time's text in the batch; absent where a form gives it back.</param>
    protected int Wrap(ByteSpan line, byte template, ByteSpan stream, ByteSpan time)
    {
        var row = Batch.Count - 1;
        Batch.Wrap(row, line, template);
        _stream.Set(row, stream);
        if (!time.IsAbsent && Batch.Templates[row] == 0)
        {
            (_lineTime ??= Batch.Column(FieldNames.LineTime)).Set(row, time);
        }

        return row;
    }
}
