using Puppylog.Query.Filters.Automata;
using Puppylog.Query.Filters.Scan;
using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.Query.Filters.Composed;

/// <summary>Passes derived lines: part by part of their templates, without composing one.</summary>
static class LineWalk
{
    public static void Advance(in Passage passage, LineVector lines, int state, RowBitmap rows, StateGroups target)
    {
        var templates = lines.Templates.AsSpan(0, lines.Count);
        for (var index = 0; index <= lines.Parts.Length; index++)
        {
            var chosen = rows.Clone();
            RowMasks.KeepByte(templates, (byte)index, chosen);
            if (chosen.IsEmpty())
            {
                continue;
            }

            if (index == 0)
            {
                ColumnWalk.Advance(passage, lines.Verbatim, state, chosen, target);
                continue;
            }

            var groups = new StateGroups(rows.Count);
            groups.Add(state, chosen);
            groups = Advance(passage, lines.Parts[index - 1], groups, rows.Count);
            foreach (var (after, found) in groups.All)
            {
                target.Add(after, found);
            }
        }
    }

    /// <summary>Leaves lines with a part that cannot be passed to be composed.</summary>
    static StateGroups Undecided(StateGroups groups, int count)
    {
        var target = new StateGroups(count);
        foreach (var (state, rows) in groups.All)
        {
            target.Add(state == ByteAutomaton.Accepted ? state : ByteAutomaton.Undecided, rows);
        }

        return target;
    }

    static StateGroups Advance(in Passage passage, LineVector.PartSource[] parts, StateGroups groups, int count)
    {
        var automaton = passage.Automaton;
        for (var i = 0; i < parts.Length; i++)
        {
            var part = parts[i];
            var following = part.Kind != TemplatePartKind.Literal && i + 1 < parts.Length && parts[i + 1].Kind == TemplatePartKind.Literal
                ? parts[++i].Literal
                : [];
            switch (part.Kind)
            {
                case TemplatePartKind.Literal:
                    groups = PartWalk.Advance(new Passage(automaton, [], part.Literal), null, groups, count);
                    break;
                case TemplatePartKind.Field when part.Column is EscapedVector escaped:
                    groups = PartWalk.Advance(new Passage(automaton, [], following, escaped.Escapes), escaped.Values, groups, count);
                    break;
                case TemplatePartKind.Field when part.Column is WrittenTimeVector times:
                    groups = TimeWalk.Advance(new Passage(automaton, [], following), times, groups, count);
                    break;
                case TemplatePartKind.ClfTime:
                    groups = ClfTimeWalk.Advance(new Passage(automaton, [], following), part, groups, count);
                    break;
                case TemplatePartKind.Field or TemplatePartKind.FieldOrDash:
                    var absent = part.Kind == TemplatePartKind.FieldOrDash ? "-"u8 : [];
                    groups = PartWalk.Advance(new Passage(automaton, absent, following), part.Column, groups, count);
                    break;
                default:
                    return Undecided(groups, count);
            }
        }

        return passage.Following.IsEmpty ? groups : PartWalk.Advance(new Passage(automaton, [], passage.Following), null, groups, count);
    }
}
