using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.Storage.Embedded.Blocks;

/// <summary>Where the values of fields lie in assembled lines, so that these can be taken apart again.</summary>
/// <param name="batch">The batch that the lines are copied to.</param>
/// <param name="lines">The lines; null where none are assembled.</param>
sealed class PlacedFields(RecordBatch batch, AssembledVector? lines)
{
    readonly List<(int Field, int Start, int Length)> _line = [];
    readonly Dictionary<string, Queue<(int Row, ByteSpan Value)>> _places = new(StringComparer.Ordinal);

    /// <summary>Takes note of the fields of a line that will be the batch's next record; where its message lies, null where it is not in the line.</summary>
    /// <param name="row">The line's row in the block.</param>
    /// <param name="line">Where the line lies in the batch.</param>
    public ByteSpan? Add(int row, ByteSpan line)
    {
        ByteSpan? message = null;
        _line.Clear();
        lines?.AddPlaces(row, _line);
        foreach (var (field, start, length) in _line)
        {
            var value = new ByteSpan(line.Offset + start, length);
            if (lines!.Column(field) is WrittenTimeVector time)
            {
                batch.AddTimeForm(time.Form);
            }
            else if (lines.FieldName(field) is var name && name == FieldNames.Message)
            {
                message = value;
            }
            else
            {
                Of(name).Enqueue((batch.Count, value));
            }
        }

        return message;
    }

    /// <summary>Where a record's value lies in its line; null where it does not. Records are asked for in order.</summary>
    public ByteSpan? Take(string name, int row)
    {
        if (_places.TryGetValue(name, out var places))
        {
            while (places.TryPeek(out var place) && place.Row <= row)
            {
                places.Dequeue();
                if (place.Row == row)
                {
                    return place.Value;
                }
            }
        }

        return null;
    }

    Queue<(int Row, ByteSpan Value)> Of(string name)
    {
        if (!_places.TryGetValue(name, out var places))
        {
            _places.Add(name, places = new());
        }

        return places;
    }
}
