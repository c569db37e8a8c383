using System.Collections.Immutable;
using System.Text;
using Puppylog.Query.Filters.Automata;
using Puppylog.Query.Filters.Scan;
using Puppylog.Query.Filters.Text;
using Puppylog.Query.Syntax;
using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.Query.Filters;

/// <summary>
/// A condition on one field's value. A kind says what it means in <see cref="Matches"/>; everything else here only tells
/// <see cref="ColumnScan"/> how to get at the same answer with less work.
/// </summary>
abstract class ValueFilter : Filter
{
    readonly Lazy<ByteAutomaton?> _required;

    protected ValueFilter(string field)
    {
        Field = field;
        _required = new(() => OtherNeedle(Automaton is { } own ? own.Prefix : []) is { Length: > 0 } needle ? ByteAutomaton.Of(TextProbe.Anywhere(needle)) : null);
    }

    /// <summary>The field, under its own name (<see cref="FieldResolver.Canonical"/>).</summary>
    public string Field { get; }

    /// <summary>What must be in a value for it to match: words and parts of words.</summary>
    public ImmutableArray<TextProbe> Fragments { get; protected init; } = [];

    /// <summary>Bytes that every matching value contains; empty where none are known.</summary>
    public byte[] Needle { get; protected init; } = [];

    /// <summary>Gives the answer of <see cref="Matches"/> byte by byte, or that it has none; null where there is no such automaton.</summary>
    public virtual ByteAutomaton? Automaton => null;

    /// <summary>Finds texts that have the needle; null where there is none, or where <see cref="Automaton"/> looks for it first.</summary>
    public ByteAutomaton? Required => _required.Value;

    /// <summary>Whether a record with this value matches; an absent field is an empty value. Called by many threads.</summary>
    public abstract bool Matches(ReadOnlySpan<byte> value);

    /// <summary>The integers that match, where they are one range; empty (min above max) where none do.</summary>
    public virtual bool TryGetIntegers(out long min, out long max)
    {
        min = max = 0;
        return false;
    }

    /// <summary>The absolute value of the integers that match, or -1 where none do; false where they are not so simple.</summary>
    public virtual bool TryGetMagnitude(out long magnitude)
    {
        magnitude = -1;
        return false;
    }

    public sealed override void Apply(RecordView view, RowBitmap rows)
    {
        if (rows.IsEmpty())
        {
            return;
        }

        if (FieldResolver.Resolve(view, Field) is { } column)
        {
            ColumnScan.Apply(this, column, rows);
        }
        else if (!Matches([]))
        {
            rows.Clear();
        }
    }

    public override bool MayMatch(RecordView view)
    {
        if (FieldResolver.NameIn(view, Field) is not { } name)
        {
            return true;
        }

        foreach (var fragment in Fragments)
        {
            if (fragment is { WholeStart: true, WholeEnd: true, IgnoreCase: false } && !view.MayContainWord(name, fragment.Needle))
            {
                return false;
            }
        }

        if (TryGetIntegers(out var min, out var max))
        {
            return !view.TryGetIntegerBounds(name, out var least, out var most) || (min <= most && max >= least && min <= max);
        }

        return !TryGetMagnitude(out var size) || !view.TryGetIntegerBounds(name, out var low, out var high)
            || (size >= 0 && ((size >= low && size <= high) || (-size >= low && -size <= high)));
    }

    public override void AddFields(ISet<string> fields) => fields.Add(Field);

    /// <summary>Bytes like <see cref="Needle"/> that are not looked for already; empty where none are known.</summary>
    protected virtual byte[] OtherNeedle(ReadOnlySpan<byte> prefix) => prefix.SequenceEqual(Needle) ? [] : Needle;

    /// <summary>The field and a colon, nothing for <c>_msg</c>.</summary>
    protected string Prefix => Field == FieldNames.Message ? "" : $"{Quoting.Word(Field)}:";

    /// <summary>The field and a colon.</summary>
    protected string FullPrefix => $"{Quoting.Word(Field)}:";

    protected static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
