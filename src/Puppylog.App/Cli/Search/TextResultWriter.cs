using System.Text;
using Puppylog.Query.Execution;
using Puppylog.Query.Filters;
using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.App.Cli.Search;

/// <summary><c>-o text</c> for records: time, level and message; a record without message as its fields.</summary>
sealed class TextResultWriter(OutputBuffer output, Terminal terminal) : ResultWriter(output)
{
    readonly List<(byte[] Name, ColumnVector Column)> _others = [];
    ColumnVector? _time;
    ColumnVector? _level;
    ColumnVector? _status;
    ColumnVector? _message;

    protected override void Bind(RecordView view)
    {
        _time = view.Column(FieldNames.Time);
        _message = view.Column(FieldNames.Message);
        _level = FieldResolver.Resolve(view, FieldNames.Level);
        _status = FieldResolver.Resolve(view, FieldNames.Status);
        _others.Clear();
        if (_message is null)
        {
            foreach (var name in view.FieldNames)
            {
                if (name != FieldNames.Level && view.Column(name) is { } column)
                {
                    _others.Add((Encoding.UTF8.GetBytes(name), column));
                }
            }
        }
    }

    protected override void WriteRow(int row)
    {
        var gap = false;
        if (_time is not null)
        {
            terminal.Coloured(_time.Value(row), "2"u8);
            gap = true;
        }

        var level = _level is null ? default : _level.Value(row);
        if (!level.IsEmpty)
        {
            Gap(ref gap);
            terminal.Coloured(level, LevelColour(level));
        }

        if (_message is not null)
        {
            Gap(ref gap);
            terminal.Coloured(_message.Value(row), level.IsEmpty ? StatusColour(_status is null ? default : _status.Value(row)) : default);
        }

        foreach (var (name, column) in _others)
        {
            var value = column.Value(row);
            if (!value.IsEmpty)
            {
                Gap(ref gap);
                terminal.Write(name);
                Output.Write((byte)'=');
                terminal.Write(value);
            }
        }

        Output.Write((byte)'\n');
    }

    void Gap(ref bool gap)
    {
        if (gap)
        {
            Output.Write("  "u8);
        }

        gap = true;
    }

    static ReadOnlySpan<byte> LevelColour(ReadOnlySpan<byte> level) => (level[0] | 0x20) switch
    {
        'e' or 'f' or 'c' or 'a' => "31"u8,
        'w' => "33"u8,
        'i' or 'n' => "32"u8,
        _ => "2"u8,
    };

    static ReadOnlySpan<byte> StatusColour(ReadOnlySpan<byte> status) =>
        status.Length != 3 ? default : status[0] switch { (byte)'5' => "31"u8, (byte)'4' => "33"u8, _ => default };
}
