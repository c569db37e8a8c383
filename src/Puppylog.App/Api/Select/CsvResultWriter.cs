using System.Buffers;
using System.Text;
using Puppylog.App.Cli.Search;
using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.App.Api.Select;

/// <summary>Rows as CSV (RFC 4180) with a head, in columns that are given beforehand.</summary>
sealed class CsvResultWriter : ResultWriter
{
    static readonly SearchValues<byte> Special = SearchValues.Create("\",\r\n"u8);

    readonly string[] _fields;
    readonly ColumnVector?[] _columns;

    public CsvResultWriter(OutputBuffer output, string[] fields)
        : base(output)
    {
        _fields = fields;
        _columns = new ColumnVector?[fields.Length];
        for (var i = 0; i < fields.Length; i++)
        {
            WriteValue(i, Encoding.UTF8.GetBytes(fields[i]));
        }

        Output.Write("\r\n"u8);
    }

    protected override void Bind(RecordView view)
    {
        for (var i = 0; i < _fields.Length; i++)
        {
            _columns[i] = view.Column(_fields[i]);
        }
    }

    protected override void WriteRow(int row)
    {
        for (var i = 0; i < _columns.Length; i++)
        {
            WriteValue(i, _columns[i] is { } column ? column.Value(row) : []);
        }

        Output.Write("\r\n"u8);
    }

    void WriteValue(int column, ReadOnlySpan<byte> value)
    {
        if (column > 0)
        {
            Output.Write((byte)',');
        }

        if (!value.ContainsAny(Special))
        {
            Output.Write(value);
            return;
        }

        Output.Write((byte)'"');
        for (var quote = value.IndexOf((byte)'"'); quote >= 0; quote = value.IndexOf((byte)'"'))
        {
            Output.Write(value[..(quote + 1)]);
            Output.Write((byte)'"');
            value = value[(quote + 1)..];
        }

        Output.Write(value);
        Output.Write((byte)'"');
    }
}
