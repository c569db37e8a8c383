using Puppylog.Query.Execution;
using Puppylog.Query.Syntax;
using Puppylog.Records;

namespace Puppylog.Query.Pipes;

/// <summary><c>offset N</c> (also <c>skip</c>): all but the first rows.</summary>
sealed class OffsetPipe(long count) : Pipe
{
    public static OffsetPipe Parse(TokenReader reader) => new(FieldSyntax.Count(reader));

    public override NeededFields Needed(NeededFields after) => after;

    public override PipeOperator CreateOperator(PipeOperator next, NeededFields after, QueryContext context) => new Operator(count, next);

    public override string ToString() => $"offset {count}";

    sealed class Operator(long count, PipeOperator next) : PipeOperator
    {
        long _left = count;

        public override bool Push(RecordView view, ReadOnlySpan<int> rows)
        {
            var skipped = (int)Math.Min(_left, rows.Length);
            _left -= skipped;
            return skipped == rows.Length || next.Push(view, rows[skipped..]);
        }

        public override void Finish() => next.Finish();
    }
}
