using System.Buffers;
using Puppylog.Storage.Embedded.Segments;

namespace Puppylog.Storage.Embedded.Remote;

/// <summary>A commit's failure on its way to the process that asked, where it is thrown again.</summary>
static class FailureMessage
{
    const byte Failed = 0;
    const byte Transient = 1;
    const byte Conflict = 2;
    const byte Cancelled = 3;

    public static ReadOnlyMemory<byte> Write(Exception error, IReadOnlyList<Records.PositionChange> positions)
    {
        var target = new ArrayBufferWriter<byte>();
        var writer = new FixedWriter(target);
        writer.Byte(error switch
        {
            PositionConflictException => Conflict,
            OperationCanceledException => Cancelled,
            LogStoreException { IsTransient: true } => Transient,
            _ => Failed,
        });
        var source = (error as PositionConflictException)?.SourceId ?? "";
        writer.Text(error.Message);
        writer.Text(source);
        writer.Text(positions.FirstOrDefault(move => move.To.Source == source)?.To.Path ?? source);
        return target.WrittenMemory;
    }

    public static Exception Read(Message message)
    {
        var reader = message.Reader();
        var kind = reader.Byte();
        var (text, source, path) = (reader.Text(), reader.Text(), reader.Text());
        return kind switch
        {
            Conflict => new PositionConflictException(source, path),
            Cancelled => new OperationCanceledException(text),
            _ => new LogStoreException(text) { IsTransient = kind == Transient },
        };
    }
}
