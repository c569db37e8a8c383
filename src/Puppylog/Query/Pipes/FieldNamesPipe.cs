using System.Buffers;
using System.Text;
using Puppylog.Query.Execution;
using Puppylog.Query.Execution.Groups;
using Puppylog.Query.Execution.Rows;
using Puppylog.Query.Syntax;
using Puppylog.Query.Values;
using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.Query.Pipes;

/// <summary><c>field_names</c>: the names of the fields and in how many rows they are not empty, sorted by name.</summary>
sealed class FieldNamesPipe : GatheringPipe
{
    public static FieldNamesPipe Parse(TokenReader _) => new();

    public override bool MakesTable => true;

    public override NeededFields Needed(NeededFields after) => NeededFields.Everything;

    public override GatheringOperator CreateGatherer(PipeOperator next, NeededFields after, QueryContext context) => new Operator(next, context);

    public override string ToString() => "field_names";

    sealed class Operator(PipeOperator next, QueryContext context) : GatheringOperator
    {
        readonly KeyTable _names = new(context.Memory);
        readonly GroupArray<long> _hits = new(context.Memory, 8);

        public override bool Push(RecordView view, ReadOnlySpan<int> rows)
        {
            var selected = new RowBitmap(view.Count);
            foreach (var row in rows)
            {
                selected[row] = true;
            }

            foreach (var name in ShapedView.OutputFieldsOf(view))
            {
                var column = view.Column(name);
                Add(Encoding.UTF8.GetBytes(name), column is SparseVector sparse ? Present(sparse, selected) : Present(column, rows));
            }

            return true;
        }

        public override void Merge(GatheringOperator other)
        {
            var theirs = (Operator)other;
            for (var i = 0; i < theirs._names.Count; i++)
            {
                Add(theirs._names[i], theirs._hits.Items[i]);
            }
        }

        public override void Finish()
        {
            var order = Enumerable.Range(0, _names.Count).Where(name => _hits.Items[name] > 0).ToArray();
            order.AsSpan().Sort((a, b) => NaturalOrder.CompareTexts(_names[a], _names[b]));
            var names = new ResultColumn(order.Length);
            foreach (var name in order)
            {
                names.Add(_names[name]);
            }

            var hits = order.Select(name => _hits.Items[name]).ToArray();
            next.PushAll(new ResultView(order.Length).Add("name", names.ToVector()).Add("hits", new IntegerVector(order.Length, hits, null, ValueKind.Number)));
            next.Finish();
        }

        void Add(ReadOnlySpan<byte> name, long rows)
        {
            var index = _names.GetOrAdd(name);
            _hits.Ensure(_names.Count);
            _hits.Items[index] += rows;
        }

        static long Present(SparseVector sparse, RowBitmap selected)
        {
            var present = 0L;
            for (var entry = 0; entry < sparse.Rows.Length; entry++)
            {
                present += selected[sparse.Rows[entry]] && !sparse.Values.Value(entry).IsEmpty ? 1 : 0;
            }

            return present;
        }

        static long Present(ColumnVector? column, ReadOnlySpan<int> rows)
        {
            switch (column)
            {
                case null:
                    return 0;
                case TimestampVector:
                    return rows.Length;
                case DictionaryVector dictionary:
                    return Present(dictionary, rows);
                case IntegerVector or Ipv4Vector or HexVector or DecimalVector:
                    return CountOf(rows, column.IsPresent);
                default:
                    return CountOf(rows, row => !column.IsEmpty(row));
            }
        }

        /// <summary>Once per distinct value.</summary>
        static long Present(DictionaryVector dictionary, ReadOnlySpan<int> rows)
        {
            var rented = ArrayPool<int>.Shared.Rent(dictionary.DistinctCount);
            var counts = rented.AsSpan(0, dictionary.DistinctCount);
            CodeCounts.Of(dictionary, rows, counts);
            var present = 0L;
            for (var code = 0; code < counts.Length; code++)
            {
                present += counts[code] > 0 && !dictionary.IsEmptyValue(code) ? counts[code] : 0;
            }

            ArrayPool<int>.Shared.Return(rented);
            return present;
        }

        static long CountOf(ReadOnlySpan<int> rows, Func<int, bool> isPresent)
        {
            var present = 0L;
            foreach (var row in rows)
            {
                present += isPresent(row) ? 1 : 0;
            }

            return present;
        }
    }
}
