using System.Text;
using Puppylog.Parsing.Json;
using Puppylog.Parsing.Logfmt;
using Puppylog.Query.Pipes;
using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.Query.Execution.Unpacking;

/// <summary>Reads the values of a column as JSON objects or logfmt. It keeps the forms of those that it has read. One thread at a time.</summary>
sealed class Unpacker(UnpackSyntax syntax, UnpackNames names)
{
    const int MaxKnownPaths = 4096;

    /// <summary>Forms that are learned from one view; more of them are not worth it.</summary>
    const int MaxLearned = 255;

    readonly UnpackedLeaves _leaves = new();
    ILeafReader _reader = NewReader(syntax);
    JsonTree _tree = NewTree(syntax);
    int _learned;

    /// <summary>Tells this view from those before (<see cref="JsonPath.Binding"/>).</summary>
    int _binding;

    /// <param name="view">The view whose rows they are.</param>
    /// <param name="source">The column to unpack.</param>
    /// <param name="rows">The rows, ascending.</param>
    /// <param name="context">The query.</param>
    public UnpackedFields Unpack(RecordView view, ColumnVector source, ReadOnlySpan<int> rows, QueryContext context)
    {
        _binding++;
        _learned = 0;
        var fields = new UnpackedFields(context.Memory);
        var empty = names.Listed.Where(name => name is FieldNames.Message || view.MayHaveField(name)).Select(fields.Column).ToArray();
        try
        {
            foreach (var row in rows)
            {
                context.Cancellation.ThrowIfCancellationRequested();
                if (TryRead(source.Value(row)))
                {
                    Store(row, fields, empty);
                }
            }

            fields.Settle();
            return fields;
        }
        catch
        {
            fields.GiveUp();
            throw;
        }
    }

    static ILeafReader NewReader(UnpackSyntax syntax) => syntax.IsLogfmt ? new LogfmtReader(JsonNaming.None) : new JsonReader(JsonNaming.None);

    static JsonTree NewTree(UnpackSyntax syntax) => new(syntax.IsLogfmt);

    bool TryRead(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
        {
            return false;
        }

        _leaves.Hold(value);
        if (_tree.Follow(_leaves.Text) is { } known)
        {
            _leaves.Add(known, _tree.Values);
            return true;
        }

        Forget();
        if (_reader.Read(_leaves.Text, _leaves) is not null)
        {
            return false;
        }

        if (_leaves.IsWhole && _learned++ < MaxLearned)
        {
            _tree.Learn(_leaves.Text, _leaves);
        }

        return true;
    }

    void Store(int row, UnpackedFields fields, BatchColumn[] empty)
    {
        foreach (ref readonly var field in _leaves.Fields)
        {
            if (ColumnOf(field.Path, fields) is { } column)
            {
                fields.Set(column, row, _leaves.Value(field.Value), field.Kind);
            }
        }

        foreach (var column in empty)
        {
            if (column.Span(row).IsAbsent)
            {
                fields.Set(column, row, [], ValueKind.Text);
            }
        }

        fields.EndRow();
    }

    /// <summary>Looked up once a view; null where nobody asks for the field.</summary>
    BatchColumn? ColumnOf(JsonPath path, UnpackedFields fields)
    {
        if (path.Binding != _binding)
        {
            path.Binding = _binding;
            var key = FieldNames.IsHidden(path.Name) ? Encoding.UTF8.GetString(path.Bytes) : path.Name;
            path.Column = names.FieldOf(key) is { } name ? fields.Column(name) : null;
        }

        return path.Column;
    }

    /// <summary>Begins anew where values go on inventing names.</summary>
    void Forget()
    {
        if (_reader.Names > MaxKnownPaths || (_tree.IsFull && _learned == 0))
        {
            (_reader, _tree) = (NewReader(syntax), NewTree(syntax));
        }
    }
}
