using Puppylog.Query.Execution.Rows;
using Puppylog.Query.Pipes;
using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.Query.Execution.Unpacking;

/// <summary>
/// A view with the fields that were unpacked beside its own, or in their place. What the inner view knows of its words and
/// numbers without decoding is not asked for: it says nothing of unpacked values.
/// </summary>
/// <param name="inner">The view.</param>
/// <param name="fields">The fields.</param>
/// <param name="rows">The rows that are asked for, ascending.</param>
/// <param name="syntax">Which of two values counts.</param>
sealed class UnpackedView(RecordView inner, UnpackedFields fields, int[] rows, UnpackSyntax syntax) : ShapedView
{
    readonly Dictionary<string, ColumnVector> _made = new(StringComparer.Ordinal);
    long _madeBytes;

    public override int Count => inner.Count;

    public override bool IsRecords => HoldsRecords(inner);

    public override long MinTime => inner.MinTime;

    public override long MaxTime => inner.MaxTime;

    public override TimestampVector Times => inner.Times;

    public override long HeldBytes => inner.HeldBytes + fields.HeldBytes + _madeBytes;

    public override IReadOnlyList<string> OutputFields =>
        field ??= [.. OutputFieldsOf(inner).Concat(fields.Columns.Select(column => column.Name)).Distinct(StringComparer.Ordinal)];

    public override ColumnVector? Column(string name)
    {
        if (fields.Find(name) is not { } column)
        {
            return inner.Column(name);
        }

        if (!_made.TryGetValue(name, out var made))
        {
            var own = inner.Column(name);
            made = own is null && !fields.HasEmpty(name) ? Plain(column) : Joined(column, own);
            _made.Add(name, made);
        }

        return made;
    }

    ColumnVector Plain(BatchColumn column)
    {
        if (!column.IsSparse)
        {
            // The column's own places, which are counted there.
            return new TextVector(Count, fields.Bytes, column.SpanArray(Count), column.HasKinds ? column.KindArray(Count) : null);
        }

        var kinds = column.HasKinds ? new byte[column.Rows.Length] : null;
        for (var entry = 0; entry < kinds?.Length; entry++)
        {
            kinds[entry] = (byte)column.EntryKind(entry);
        }

        _madeBytes += 13L * column.Rows.Length;
        return new SparseVector(Count, column.Rows.ToArray(), new TextVector(column.Rows.Length, fields.Bytes, column.Entries.ToArray(), kinds), isShared: true);
    }

    /// <summary>Each row's unpacked value or its own; empty ones are none.</summary>
    TextVector Joined(BatchColumn column, ColumnVector? own)
    {
        var spans = new ByteSpan[Count];
        spans.AsSpan().Fill(ByteSpan.Absent);
        var kinds = new byte[Count];
        var bytes = new byte[1024];
        var length = 0;
        foreach (var row in rows)
        {
            var span = column.Span(row);
            var isOwn = span.IsAbsent || (span.Length == 0 && syntax.SkipsEmpty) || (syntax.KeepsOriginal && own?.IsEmpty(row) == false);
            var value = !isOwn ? fields.Bytes.AsSpan(span.Offset, span.Length) : own is null ? default : own.Value(row);
            if (value.IsEmpty)
            {
                continue;
            }

            if (length + value.Length > bytes.Length)
            {
                Array.Resize(ref bytes, checked(Math.Max(length + value.Length, (int)Math.Min(bytes.Length * 2L, Array.MaxLength))));
            }

            value.CopyTo(bytes.AsSpan(length));
            spans[row] = new(length, value.Length);
            kinds[row] = (byte)(isOwn ? own!.Kind(row) : column.Kind(row));
            length += value.Length;
        }

        var joined = new TextVector(Count, bytes, spans, kinds);
        _madeBytes += joined.HeldBytes;
        return joined;
    }
}
