using System.Text.Json;
using Puppylog.Records;

namespace Puppylog.App.Watch;

/// <summary>Makes records of lines of JSON as <c>search -o json</c> prints them. Not thread-safe.</summary>
sealed class RecordLines
{
    public RecordBatch Batch { get; } = new(RecordShape.Plain);

    /// <summary>The number of the commit that the line announces; null where it is a record, which is then in the batch.</summary>
    /// <exception cref="FormatException">It is neither.</exception>
    public long? Add(ReadOnlySpan<byte> line)
    {
        try
        {
            return Read(line);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new FormatException($"a line that is no record: {e.Message}");
        }
    }

    long? Read(ReadOnlySpan<byte> line)
    {
        var json = new Utf8JsonReader(line);
        json.Read();
        var (row, time) = (-1, 0L);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.GetString()!;
            json.Read();
            if (name == DashboardLink.CommitField)
            {
                return json.TryGetInt64(out var commit) ? commit : throw new FormatException("a commit without a number");
            }

            var target = Batch.Reserve(json.HasValueSequence ? 0 : json.ValueSpan.Length);
            var value = Batch.Advance(json.CopyString(target));
            row = row < 0 ? Batch.Add(0, default, default, 0) : row;
            switch (name)
            {
                case FieldNames.Time:
                    time = Timestamps.TryParseIso(Batch.Value(value), out var read, out _) ? read : throw new FormatException("a time that is none");
                    Batch.TimeArray[row] = time;
                    break;
                case FieldNames.Message:
                    (Batch.LineArray[row], Batch.MessageArray[row]) = (value, value);
                    break;
                case FieldNames.StreamId:
                    break;
                default:
                    Batch.TryColumn(name)?.Set(row, value);
                    break;
            }
        }

        return row < 0 ? throw new FormatException("a line without a record") : null;
    }
}
