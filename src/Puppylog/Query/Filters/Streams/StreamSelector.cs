using System.Collections.Immutable;
using Puppylog.Query.Filters.Text;
using Puppylog.Query.Filters.Values;
using Puppylog.Query.Syntax;
using Puppylog.Records;

namespace Puppylog.Query.Filters.Streams;

/// <summary>One condition of a stream selector: <c>app="nginx"</c>, <c>app!~"a|b"</c>, <c>app in (a, b)</c>.</summary>
/// <param name="label">The label's name.</param>
/// <param name="value">What its value must be; reads a plain field of that name.</param>
/// <param name="isNegated">True where it must not be that.</param>
/// <param name="text">How it is written.</param>
sealed class StreamSelector(string label, ValueFilter value, bool isNegated, string text)
{
    readonly LabelFilter _named = new(label, null);
    readonly LabelFilter _matching = new(label, value);

    public string Label { get; } = label;

    public void Apply(RecordView view, RowBitmap rows)
    {
        var found = rows.Clone();
        _named.Apply(view, found);
        var plain = rows.Clone();
        plain.AndNot(found);
        value.Apply(view, plain);
        _matching.Apply(view, found);
        found.Or(plain);
        if (isNegated)
        {
            rows.AndNot(found);
        }
        else
        {
            rows.CopyFrom(found);
        }
    }

    public override string ToString() => text;

    public static StreamSelector Of(string label, string op, string text)
    {
        ValueFilter value = op is "=~" or "!~" ? new RegexpFilter(label, text, whole: true)
            : text.Length == 0 ? new EmptyFilter(label) : new ExactFilter(label, text);
        return new(label, value, op[0] == '!', $"{Quoting.Word(label)}{op}{Quoting.Always(text)}");
    }

    public static StreamSelector In(string label, ImmutableArray<string> texts, bool isNegated) =>
        new(label, new InFilter(label, texts), isNegated, $"{Quoting.Word(label)} {(isNegated ? "not_in" : "in")} ({string.Join(", ", texts.Select(Quoting.Word))})");

    /// <summary>Whether <c>_stream</c> names the label, with a value that matches.</summary>
    sealed class LabelFilter(string label, ValueFilter? value) : ValueFilter(FieldNames.Stream)
    {
        public override bool Matches(ReadOnlySpan<byte> stream) =>
            StreamLabels.TryGet(stream, label, out var found) && (value is null || value.Matches(found));

        public override string ToString() => label;
    }
}
