using System.Collections.Immutable;
using Puppylog.Query.Execution;
using Puppylog.Query.Execution.Rows;
using Puppylog.Query.Syntax;
using Puppylog.Records;

namespace Puppylog.Query.Pipes;

/// <summary><c>delete a, b*</c> (also <c>del</c>, <c>rm</c>, <c>drop</c>): all fields but these.</summary>
sealed class DeletePipe(ImmutableArray<string> patterns) : RowwisePipe
{
    public static DeletePipe Parse(TokenReader reader) => new(FieldSyntax.Patterns(reader));

    public override NeededFields Needed(NeededFields after) => after;

    public override RecordView Apply(RecordView view, ref int[] rows)
    {
        var all = ShapedView.OutputFieldsOf(view);
        var listed = patterns.Select(pattern => FieldPattern.Listed(all, pattern)).ToArray();
        return new ProjectedView(
            view,
            [.. all.Where(name => !listed.Any(pattern => FieldPattern.Matches(pattern, name))).Select(name => (name, name))],
            keepsRaw: !listed.Any(pattern => FieldPattern.Matches(pattern, Records.FieldNames.Raw)),
            ShapedView.HoldsRecords(view));
    }

    public override string ToString() => $"delete {FieldSyntax.PrintPatterns(patterns)}";
}
