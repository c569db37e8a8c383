using System.Buffers.Text;
using System.Text;
using System.Text.Unicode;
using Puppylog.App.Cli.Search;
using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.App.Cli.Store;

/// <summary>
/// Whole records, a JSON object a line, that <c>store import</c> turns into the same records again: types are kept, empty
/// values told from absent ones, <c>_raw</c> is written where it is not the message, and what is no UTF-8 goes into
/// <c>_base64</c>.
/// </summary>
sealed class ExportWriter(OutputBuffer output) : ResultWriter(output)
{
    readonly List<(byte[] Name, ColumnVector Column)> _fields = [];
    readonly List<(byte[] Name, ColumnVector Column)> _binary = [];
    byte[] _message = [];
    byte[] _base64 = [];
    ColumnVector? _raw;
    ColumnVector? _text;
    TimestampVector _times = null!;
    bool _any;

    public override bool ReadsRaw => true;

    public long Records { get; private set; }

    protected override void Bind(RecordView view)
    {
        _times = view.Times;
        _raw = view.Column(FieldNames.Raw);
        _text = view.Column(FieldNames.Message);
        _fields.Clear();
        // In one order whatever the blocks, so that two exports of the same records are the same bytes.
        foreach (var name in view.FieldNames.Where(name => name is not FieldNames.Message).OrderBy(name => name == FieldNames.Stream ? "" : name, StringComparer.Ordinal))
        {
            if (view.Column(name) is { } column)
            {
                _fields.Add((Encoding.UTF8.GetBytes(name), column));
            }
        }
    }

    protected override void WriteRow(int row)
    {
        _any = false;
        _binary.Clear();
        Output.Write((byte)'{');
        Name("_time"u8);
        Output.WriteString(_times.Value(row));
        WriteLine(row);
        foreach (var (name, column) in _fields)
        {
            if (column.IsPresent(row))
            {
                WriteValue(name, column, row);
            }
        }

        if (_binary.Count > 0)
        {
            WriteBinary(row);
        }

        Output.Write("}\n"u8);
        Records++;
    }

    /// <summary>The message, and the line where it is another.</summary>
    void WriteLine(int row)
    {
        // Both may be composed in one scratch buffer.
        var length = 0;
        if (_text is not null)
        {
            var value = _text.Value(row);
            length = value.Length;
            if (_message.Length < length)
            {
                _message = new byte[length * 2];
            }

            value.CopyTo(_message);
        }

        var isSame = _raw is not null && _raw.Value(row).SequenceEqual(_message.AsSpan(0, length));
        if (length > 0)
        {
            WriteValue("_msg"u8, _text!, row);
        }

        if (_raw is not null && !isSame)
        {
            WriteValue("_raw"u8, _raw, row);
        }
    }

    void WriteValue(ReadOnlySpan<byte> name, ColumnVector column, int row)
    {
        var value = column.Value(row);
        if (!Utf8.IsValid(value))
        {
            _binary.Add((name.ToArray(), column));
            return;
        }

        Name(name);
        if (column.Kind(row) is ValueKind.Text || value.IsEmpty)
        {
            Output.WriteString(value);
        }
        else
        {
            // As it stood in the JSON that it came from.
            Output.Write(value);
        }
    }

    void WriteBinary(int row)
    {
        Name("_base64"u8);
        Output.Write((byte)'{');
        _any = false;
        foreach (var (name, column) in _binary)
        {
            var value = column.Value(row);
            if (_base64.Length < Base64.GetMaxEncodedToUtf8Length(value.Length))
            {
                _base64 = new byte[Base64.GetMaxEncodedToUtf8Length(value.Length) * 2];
            }

            Base64.EncodeToUtf8(value, _base64, out _, out var written);
            Name(name);
            Output.Write((byte)'"');
            Output.Write(_base64.AsSpan(0, written));
            Output.Write((byte)'"');
        }

        Output.Write((byte)'}');
    }

    void Name(ReadOnlySpan<byte> name)
    {
        if (_any)
        {
            Output.Write((byte)',');
        }

        _any = true;
        Output.WriteString(name);
        Output.Write((byte)':');
    }
}
