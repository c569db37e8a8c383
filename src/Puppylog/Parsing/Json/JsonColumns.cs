using System.Text;
using Puppylog.Records;

namespace Puppylog.Parsing.Json;

/// <summary>Sets values of fields by their paths, whose columns it looks up once per batch.</summary>
sealed class JsonColumns
{
    RecordBatch _batch = null!;
    int _binding;

    /// <summary>Tells this batch from those before.</summary>
    public int Binding => _binding;

    public void Bind(RecordBatch batch)
    {
        _batch = batch;
        _binding++;
    }

    public void Set(int row, JsonPath path, ByteSpan value, ValueKind kind)
    {
        if (path.Binding != _binding)
        {
            path.Binding = _binding;
            path.Column = _batch.TryColumn(path.Name);
            path.NameInBatch = ByteSpan.Absent;
        }

        if (path.Column is { } column)
        {
            column.Set(row, value, kind);
        }
        else if (!FieldNames.IsHidden(path.Name))
        {
            if (path.NameInBatch.IsAbsent)
            {
                path.NameInBatch = _batch.Append(Encoding.UTF8.GetBytes(path.Name));
            }

            _batch.AddOverflow(row, path.NameInBatch, value, kind);
        }
    }
}
