using System.Text;
using Puppylog.Query.Execution;
using Puppylog.Query.Execution.Rows;
using Puppylog.Query.Values;
using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.App.Cli.Search;

/// <summary>
/// <c>-o text</c> for computed rows: an aligned table with a header. Its widths are those of the first 1,000 rows, so that
/// long results stream; a wider value later shifts its own line only.
/// </summary>
sealed class TableResultWriter(OutputBuffer output, Terminal terminal) : ResultWriter(output)
{
    const int MeasuredRows = 1000;
    const int MaxWidth = 120;

    readonly List<string> _names = [];
    readonly HashSet<string> _known = new(StringComparer.Ordinal);
    readonly List<byte[][]> _held = [];
    ColumnVector?[] _columns = [];
    int[]? _widths;
    bool[] _isText = [];

    protected override void Bind(RecordView view)
    {
        var names = ShapedView.OutputFieldsOf(view).ToHashSet(StringComparer.Ordinal);
        foreach (var name in ShapedView.OutputFieldsOf(view))
        {
            // A column that first comes when the widths stand is shown without a header.
            if (_known.Add(name))
            {
                _names.Add(name);
            }
        }

        _columns = [.. _names.Select(name => names.Contains(name) ? view.Column(name) : null)];
    }

    protected override void WriteRow(int row)
    {
        var cells = Array.ConvertAll(_columns, column => column is null ? [] : column.Value(row).ToArray());
        if (_widths is not null)
        {
            Print(cells);
            return;
        }

        _held.Add(cells);
        if (_held.Count == MeasuredRows)
        {
            PrintHeld();
        }
    }

    public override void Complete()
    {
        if (_held.Count > 0)
        {
            PrintHeld();
        }

        base.Complete();
    }

    void PrintHeld()
    {
        if (_widths is null)
        {
            _widths = [.. _names.Select(name => Width(Encoding.UTF8.GetBytes(name)))];
            _isText = new bool[_names.Count];
            foreach (var cells in _held)
            {
                for (var i = 0; i < cells.Length; i++)
                {
                    _widths[i] = Math.Min(MaxWidth, Math.Max(_widths[i], Width(cells[i])));
                    _isText[i] |= cells[i].Length > 0 && !NumberText.TryParse(cells[i], out _, out _, out _);
                }
            }

            Print([.. _names.Select(Encoding.UTF8.GetBytes)], "1"u8);
        }

        foreach (var cells in _held)
        {
            Print(cells);
        }

        _held.Clear();
    }

    void Print(byte[][] cells, ReadOnlySpan<byte> colour = default)
    {
        for (var i = 0; i < cells.Length; i++)
        {
            if (i > 0)
            {
                Output.Write("  "u8);
            }

            var padding = i < _widths!.Length ? _widths[i] - Width(cells[i]) : 0;
            var isText = i >= _isText.Length || _isText[i];
            Pad(isText ? 0 : padding);
            terminal.Coloured(cells[i], colour);
            Pad(isText && i < cells.Length - 1 ? padding : 0);
        }

        Output.Write((byte)'\n');
    }

    void Pad(int count)
    {
        for (; count > 0; count--)
        {
            Output.Write((byte)' ');
        }
    }

    /// <summary>Characters, not bytes; wide ones count as one.</summary>
    static int Width(ReadOnlySpan<byte> text) => Encoding.UTF8.GetCharCount(text);
}
