using System.Collections.Immutable;
using Puppylog.Query.Execution;
using Puppylog.Query.Execution.Rows;
using Puppylog.Query.Syntax;
using Puppylog.Records;

namespace Puppylog.Query.Pipes;

/// <summary><c>fields a, b*</c> (also <c>keep</c>): only these, in this order.</summary>
sealed class FieldsPipe(ImmutableArray<string> patterns) : RowwisePipe
{
    public static FieldsPipe Parse(TokenReader reader) => new(FieldSyntax.Patterns(reader));

    public override bool MakesTable => !patterns.Contains("*");

    public override NeededFields Needed(NeededFields after) =>
        patterns.Any(pattern => pattern.EndsWith('*')) ? after.With(patterns.Where(pattern => !pattern.EndsWith('*'))) : NeededFields.None.With(patterns);

    public override RecordView Apply(RecordView view, ref int[] rows)
    {
        if (patterns.Contains("*"))
        {
            return view;
        }

        var all = ShapedView.OutputFieldsOf(view);
        var fields = new List<(string, string)>();
        foreach (var pattern in patterns)
        {
            if (pattern.EndsWith('*'))
            {
                fields.AddRange(all.Where(name => FieldPattern.Matches(pattern, name)).Select(name => (name, name)));
            }
            else
            {
                var name = FieldPattern.Listed(all, pattern);
                fields.Add((name, name));
            }
        }

        return new ProjectedView(view, fields, keepsRaw: false, isRecords: false);
    }

    public override string ToString() => $"fields {FieldSyntax.PrintPatterns(patterns)}";
}
