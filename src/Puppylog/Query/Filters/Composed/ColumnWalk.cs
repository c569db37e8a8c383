using Puppylog.Query.Filters.Automata;
using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.Query.Filters.Composed;

/// <summary>
/// Takes rows in one state of an automaton past a column: once per distinct value, or past all values at once where none
/// can change anything.
/// </summary>
static class ColumnWalk
{
    /// <summary>Adds each row to the group of the state that its value leads to.</summary>
    public static void Advance(in Passage passage, ColumnVector? column, int state, RowBitmap rows, StateGroups target)
    {
        if (rows.IsEmpty())
        {
            return;
        }

        if (state < ByteAutomaton.FirstOpen)
        {
            target.Add(state, rows);
            return;
        }

        switch (column)
        {
            case null:
                target.Add(passage.After(state, passage.Absent), rows);
                break;
            case ConstantVector constant:
                target.Add(passage.After(state, constant.Constant), rows);
                break;
            case DictionaryVector dictionary:
                DictionaryWalk.Advance(passage, dictionary, state, rows, target);
                break;
            case TextVector text:
                TextWalk.Advance(passage, text, state, rows, target);
                break;
            case TemplateVector templates:
                TemplateWalk.Advance(passage, templates, state, rows, target);
                break;
            case LineVector lines:
                LineWalk.Advance(passage, lines, state, rows, target);
                break;
            case IntegerVector when passage.Absent is [] or [(byte)'-']
                && passage.Automaton.TryPassAny(state, "-0123456789"u8, passage.Following, out var next):
                target.Add(next, rows);
                break;
            default:
                Each(passage, column, state, rows, target);
                break;
        }
    }

    public static void Each(in Passage passage, ColumnVector column, int state, RowBitmap rows, StateGroups target)
    {
        for (var row = rows.Next(0); row >= 0; row = rows.Next(row + 1))
        {
            target.Add(passage.After(state, column.IsPresent(row) ? column.Value(row) : passage.Absent), row);
        }
    }
}
