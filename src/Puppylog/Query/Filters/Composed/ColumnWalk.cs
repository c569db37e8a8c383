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

        if (passage.Escapes is not null)
        {
            if (IsPlain(column, passage.Escapes))
            {
                Advance(passage.Unescaped, column, state, rows, target);
                return;
            }

            if (column is TemplateVector or TextVector)
            {
                Each(passage, column, state, rows, target);
                return;
            }
        }

        if (column is not null && NumberWalk.TryPass(passage, column, state, out var next))
        {
            target.Add(next, rows);
            return;
        }

        switch (column)
        {
            case null:
                target.Add(passage.AfterAbsent(state), rows);
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
            case LazyVector lazy:
                Advance(passage, lazy.Column, state, rows, target);
                break;
            case LineVector lines:
                LineWalk.Advance(passage, lines, state, rows, target);
                break;
            case SparseVector sparse:
                SparseWalk.Advance(passage, sparse, state, rows, target);
                break;
            default:
                Each(passage, column, state, rows, target);
                break;
        }
    }

    /// <summary>True where no value has a byte that would be escaped.</summary>
    static bool IsPlain(ColumnVector? column, JsonEscapes escapes) => column switch
    {
        null or IntegerVector or Ipv4Vector or DecimalVector or HexVector => true,
        LazyVector lazy => lazy.Form != LazyForm.Any || IsPlain(lazy.Column, escapes),
        ConstantVector constant => !constant.Constant.AsSpan().ContainsAny(escapes.Marked),
        DictionaryVector { HasValues: false } dictionary => IsPlain(dictionary.Distinct, escapes),
        DictionaryVector dictionary => !dictionary.Values.Bytes.AsSpan().ContainsAny(escapes.Marked),
        TextVector text => !text.Bytes.AsSpan().ContainsAny(escapes.Marked),
        TemplateVector text => !Array.Exists(text.Templates, template => Array.Exists(template.Parts, part => part.Literal.AsSpan().ContainsAny(escapes.Marked)))
            && Array.TrueForAll(text.Variables, variable => IsPlain(variable, escapes)),
        _ => false,
    };

    public static void Each(in Passage passage, ColumnVector column, int state, RowBitmap rows, StateGroups target)
    {
        for (var row = rows.Next(0); row >= 0; row = rows.Next(row + 1))
        {
            target.Add(column.IsPresent(row) ? passage.After(state, column.Value(row)) : passage.AfterAbsent(state), row);
        }
    }
}
