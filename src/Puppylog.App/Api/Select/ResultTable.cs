using System.Text;
using Puppylog.Query.Execution;
using Puppylog.Query.Execution.Rows;
using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.App.Api.Select;

/// <summary>The rows of a small result, kept as texts: of <c>stats</c>, of <c>field_values</c>.</summary>
/// <param name="maxRows">More than so many are too many.</param>
sealed class ResultTable(int maxRows) : IResultSink
{
    readonly List<string> _fields = [];
    readonly List<string[]> _rows = [];

    public bool ReadsRaw => false;

    /// <summary>The names of the columns, in order.</summary>
    public IReadOnlyList<string> Fields => _fields;

    /// <summary>A value per field; empty where there is none.</summary>
    public IReadOnlyList<string[]> Rows => _rows;

    /// <exception cref="RequestException">There are too many rows.</exception>
    public bool Write(RecordView view, ReadOnlySpan<int> rows)
    {
        foreach (var name in ShapedView.OutputFieldsOf(view))
        {
            if (!_fields.Contains(name))
            {
                _fields.Add(name);
            }
        }

        var columns = _fields.ConvertAll(view.Column);
        foreach (var row in rows)
        {
            if (_rows.Count == maxRows)
            {
                throw new RequestException($"the answer has more than {maxRows} rows: ask for less time, fewer groups or longer steps");
            }

            _rows.Add([.. columns.Select(column => column is null ? "" : Encoding.UTF8.GetString(column.Value(row)))]);
        }

        return true;
    }

    /// <summary>The place of a field in the rows; -1 where none has it.</summary>
    public int IndexOf(string field) => _fields.IndexOf(field);
}
