using System.Security.Cryptography;
using System.Text;
using Puppylog.Query.Execution;
using Puppylog.Query.Execution.Rows;
using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.App.Cli.Search;

/// <summary>
/// <c>-o json</c>: a compact object a line, values as strings, empty ones left out, as VictoriaLogs answers: <c>_time</c>,
/// <c>_stream_id</c>, <c>_stream</c>, <c>_msg</c>, then the other fields.
/// </summary>
sealed class JsonResultWriter(OutputBuffer output) : ResultWriter(output)
{
    readonly List<(byte[] Key, ColumnVector Column, bool IsStream)> _columns = [];
    readonly Dictionary<UInt128, byte[]> _streamIds = [];

    /// <summary>Fields that few records have, where they are many; shown behind the others.</summary>
    readonly List<(byte[] Key, ColumnVector Column)> _sparse = [];
    SparseIndex? _index;

    protected override void Bind(RecordView view)
    {
        _columns.Clear();
        var isRecords = ShapedView.HoldsRecords(view);
        var names = ShapedView.OutputFieldsOf(view);
        var ordered = isRecords ? names.OrderBy(Rank) : (IEnumerable<string>)names;
        foreach (var name in ordered)
        {
            if (!FieldNames.IsHidden(name) && (!isRecords || name != FieldNames.StreamId) && view.Column(name) is { } column)
            {
                _columns.Add((Encoding.UTF8.GetBytes(name), column, isRecords && name == FieldNames.Stream));
            }
        }

        BindSparse(view.Count);
    }

    void BindSparse(int count)
    {
        _sparse.Clear();
        _index = null;
        var sparse = _columns.FindAll(column => column is { IsStream: false, Column: SparseVector });
        if (sparse.Count > SparseIndex.Worthwhile)
        {
            _columns.RemoveAll(column => column is { IsStream: false, Column: SparseVector });
            _sparse.AddRange(sparse.Select(column => (column.Key, column.Column)));
            _index = SparseIndex.Of(count, _sparse.ConvertAll(field => field.Column));
        }
    }

    protected override void WriteRow(int row)
    {
        Output.Write((byte)'{');
        var any = false;
        foreach (var (key, column, isStream) in _columns)
        {
            var value = column.Value(row);
            if (value.IsEmpty)
            {
                continue;
            }

            if (isStream)
            {
                Property("_stream_id"u8, StreamId(value), ref any);
                value = column.Value(row);
            }

            Property(key, value, ref any);
        }

        foreach (var field in _index is null ? [] : _index.Fields(row))
        {
            var (key, column) = _sparse[field];
            var value = column.Value(row);
            if (!value.IsEmpty)
            {
                Property(key, value, ref any);
            }
        }

        Output.Write("}\n"u8);
    }

    void Property(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, ref bool any)
    {
        if (any)
        {
            Output.Write((byte)',');
        }

        any = true;
        Output.WriteString(key);
        Output.Write((byte)':');
        Output.WriteString(value);
    }

    /// <summary>16 zeros for the tenant, then 128 bits of the stream's SHA-256, in hex: the length of VictoriaLogs' ids.</summary>
    public static string StreamIdOf(ReadOnlySpan<byte> stream) => new string('0', 16) + Convert.ToHexStringLower(SHA256.HashData(stream).AsSpan(0, 16));

    /// <summary>Where a record's field stands: its time, its stream and its message first.</summary>
    public static int Rank(string name) => name switch
    {
        FieldNames.Time => 0,
        FieldNames.Stream => 1,
        FieldNames.Message => 2,
        _ => 3,
    };

    byte[] StreamId(ReadOnlySpan<byte> stream)
    {
        var hash = Query.Values.ByteHash.Wide(stream);
        if (!_streamIds.TryGetValue(hash, out var id))
        {
            id = Encoding.ASCII.GetBytes(StreamIdOf(stream));
            if (_streamIds.Count < 100_000)
            {
                _streamIds.Add(hash, id);
            }
        }

        return id;
    }
}
