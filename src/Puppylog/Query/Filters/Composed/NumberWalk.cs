using Puppylog.Records.Columns;

namespace Puppylog.Query.Filters.Composed;

/// <summary>
/// Passes numbers, addresses and hexadecimal texts all at once, without decoding them, where none of the bytes that they
/// are made of leads elsewhere than another.
/// </summary>
static class NumberWalk
{
    public static bool TryPass(in Passage passage, ColumnVector column, int state, out int next)
    {
        switch (column)
        {
            case LazyVector { Form: not LazyForm.Any } lazy:
                return TryPass(passage, lazy.Form == LazyForm.Hexadecimal, mayBeAbsent: false, state, out next);
            case IntegerVector integers:
                return TryPass(passage, isHexadecimal: false, integers.Present is not null, state, out next);
            case Ipv4Vector addresses:
                return TryPass(passage, isHexadecimal: false, addresses.Present is not null, state, out next);
            case DecimalVector decimals:
                return TryPass(passage, isHexadecimal: false, decimals.Present is not null, state, out next);
            case HexVector hex:
                return TryPass(passage, isHexadecimal: true, hex.Present is not null, state, out next);
            case DictionaryVector { HasValues: false } dictionary:
                return TryPass(passage, dictionary.Distinct!, state, out next) && (dictionary.AbsentCode < 0 || passage.AfterAbsent(state) == next);
            default:
                next = 0;
                return false;
        }
    }

    static bool TryPass(in Passage passage, bool isHexadecimal, bool mayBeAbsent, int state, out int next) =>
        (isHexadecimal
            ? passage.Automaton.TryPassAny(state, "-0123456789ABCDEFabcdef"u8, "0123456789ABCDEFabcdef"u8, passage.Following, out next)
            : passage.Automaton.TryPassAny(state, "-.0123456789"u8, "0123456789"u8, passage.Following, out next))
        && (!mayBeAbsent || passage.AfterAbsent(state) == next);
}
