using Puppylog.Query.Execution;
using Puppylog.Query.Syntax;
using Puppylog.Records;

namespace Puppylog.Query.Pipes;

/// <summary><c>limit N</c> (also <c>head</c>; 10 where no number stands): the first rows; the query stops there.</summary>
sealed class LimitPipe(long count) : Pipe
{
    public static LimitPipe Parse(TokenReader reader) => new(FieldSyntax.AtEnd(reader) ? 10 : FieldSyntax.Count(reader));

    public long Count => count;

    public override NeededFields Needed(NeededFields after) => after;

    public override PipeOperator CreateOperator(PipeOperator next, NeededFields after, QueryContext context) => new Operator(count, next);

    public override string ToString() => $"limit {count}";

    sealed class Operator(long count, PipeOperator next) : PipeOperator
    {
        long _left = count;

        public override bool Push(RecordView view, ReadOnlySpan<int> rows)
        {
            var taken = rows[..(int)Math.Min(_left, rows.Length)];
            _left -= taken.Length;
            return (taken.IsEmpty || next.Push(view, taken)) && _left > 0;
        }

        public override void Finish() => next.Finish();
    }
}
