using System.Text;
using Puppylog.Records;

namespace Puppylog.Intake;

/// <summary>Gives records their <c>_stream</c> by fields of theirs. A record that has none of the fields is of no stream.</summary>
/// <param name="names">The fields.</param>
sealed class StreamMarker(IEnumerable<string> names)
{
    readonly (string Name, byte[] Bytes)[] _names = [.. names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(name => (name, Encoding.UTF8.GetBytes(name)))];
    readonly StreamText _text = new();

    public void Mark(RecordBatch batch)
    {
        List<(byte[] Name, BatchColumn Column)> columns = [];
        foreach (var (name, bytes) in _names)
        {
            if (batch.FindColumn(name) is { } column)
            {
                columns.Add((bytes, column));
            }
        }

        if (columns.Count == 0)
        {
            return;
        }

        var spans = new StreamSpans();
        var stream = batch.Column(FieldNames.Stream);
        for (var row = 0; row < batch.Count; row++)
        {
            _text.Begin();
            foreach (var (name, column) in columns)
            {
                if (column.Span(row) is { Length: > 0 } value)
                {
                    _text.Add(name, batch.Value(value));
                }
            }

            _text.End();
            if (!_text.IsEmpty)
            {
                stream.Set(row, spans.Of(batch, _text.Bytes));
            }
        }
    }
}
