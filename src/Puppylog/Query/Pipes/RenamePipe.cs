using System.Collections.Immutable;
using Puppylog.Query.Execution;
using Puppylog.Query.Execution.Rows;
using Puppylog.Query.Syntax;
using Puppylog.Records;

namespace Puppylog.Query.Pipes;

/// <summary><c>rename a as b, …</c> (also <c>mv</c>) and <c>copy a as b, …</c> (also <c>cp</c>), one after the other.</summary>
sealed class RenamePipe(bool keepsSource, ImmutableArray<(string From, string To)> pairs) : RowwisePipe
{
    public static RenamePipe Parse(TokenReader reader, bool keepsSource)
    {
        var pairs = ImmutableArray.CreateBuilder<(string, string)>();
        do
        {
            var from = FieldSyntax.Name(reader);
            reader.TakeWord("as");
            pairs.Add((from, FieldSyntax.Name(reader, "'as' and the new name")));
        }
        while (reader.TakeSymbol(','));
        return new(keepsSource, pairs.ToImmutable());
    }

    public override NeededFields Needed(NeededFields after)
    {
        var names = after.Names;
        foreach (var (from, to) in pairs.Reverse())
        {
            var without = names.Remove(to);
            names = ReferenceEquals(without, names) ? names : without.Add(from);
        }

        // With everything shown, a source is shown under its own name or its new one.
        return after with { Names = names };
    }

    public override RecordView Apply(RecordView view, ref int[] rows)
    {
        var all = ShapedView.OutputFieldsOf(view);
        var fields = all.Select(name => (Name: name, Source: name)).ToList();
        foreach (var (from, to) in pairs)
        {
            var listed = FieldPattern.Listed(all, from);
            var at = fields.FindIndex(field => field.Name == listed);
            var source = at >= 0 ? fields[at].Source : listed;
            if (from == to)
            {
                continue;
            }

            if (at >= 0 && !keepsSource)
            {
                fields[at] = (to, source);
                fields.RemoveAll(field => field.Name == to && field != (to, source));
            }
            else
            {
                fields.RemoveAll(field => field.Name == to);
                fields.Add((to, source));
            }
        }

        return new ProjectedView(view, fields, keepsRaw: true, ShapedView.HoldsRecords(view));
    }

    public override string ToString() =>
        $"{(keepsSource ? "copy" : "rename")} {string.Join(", ", pairs.Select(pair => $"{FieldSyntax.Quote(pair.From)} as {FieldSyntax.Quote(pair.To)}"))}";
}
