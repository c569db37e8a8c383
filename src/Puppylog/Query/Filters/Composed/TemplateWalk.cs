using Puppylog.Query.Filters.Automata;
using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.Query.Filters.Composed;

/// <summary>Passes text of templates: each template once, its variables as the columns that they are.</summary>
static class TemplateWalk
{
    public static void Advance(in Passage passage, TemplateVector text, int state, RowBitmap rows, StateGroups target)
    {
        var places = text.Places;
        var chosen = Choose(text, rows, places);

        for (var template = 0; template < chosen.Length; template++)
        {
            if (chosen[template] is not { } ranks)
            {
                continue;
            }

            var groups = new StateGroups(ranks.Count);
            if (template == 0)
            {
                groups.Add(passage.AfterAbsent(state), ranks);
            }
            else
            {
                groups.Add(state, ranks);
                groups = Advance(passage, text, text.Templates[template - 1].Parts, groups, ranks.Count);
            }

            foreach (var (after, found) in groups.All)
            {
                for (var rank = found.Next(0); rank >= 0; rank = found.Next(rank + 1))
                {
                    target.Add(after, places[template][rank]);
                }
            }
        }
    }

    static StateGroups Advance(in Passage passage, TemplateVector text, TextTemplatePart[] parts, StateGroups groups, int count)
    {
        for (var i = 0; i < parts.Length; i++)
        {
            var part = parts[i];
            var isFollowed = !part.IsLiteral && i + 1 < parts.Length && parts[i + 1].IsLiteral;
            var literal = isFollowed ? parts[++i].Literal : part.Literal;
            groups = PartWalk.Advance(new Passage(passage.Automaton, [], literal), part.IsLiteral ? null : text.Variables[part.Variable], groups, count);
        }

        return passage.Following.IsEmpty ? groups : PartWalk.Advance(new Passage(passage.Automaton, [], passage.Following), null, groups, count);
    }

    /// <summary>The ranks of the rows in each template; null where there are none.</summary>
    static RowBitmap?[] Choose(TemplateVector text, RowBitmap rows, int[][] places)
    {
        if (rows.CountSet() == text.Count)
        {
            return Array.ConvertAll(places, its => its.Length == 0 ? null : RowBitmap.All(its.Length));
        }

        var templateOf = text.TemplateOf;
        var chosen = new RowBitmap?[places.Length];
        for (var row = rows.Next(0); row >= 0; row = rows.Next(row + 1))
        {
            var template = templateOf[row];
            (chosen[template] ??= new(places[template].Length))[text.Ranks[row]] = true;
        }

        return chosen;
    }
}
