using System.Collections.Immutable;
using Puppylog.Query.Syntax;

namespace Puppylog.Query.Filters.Text;

/// <summary><c>seq("open", "file", failed)</c>: the value contains the phrases one after the other.</summary>
sealed class SequenceFilter : ValueFilter
{
    readonly ImmutableArray<string> _texts;
    readonly ImmutableArray<TextProbe> _probes;

    public SequenceFilter(string field, ImmutableArray<string> texts)
        : base(field)
    {
        _texts = texts;
        _probes = [.. texts.Where(text => text.Length > 0).Select(text => new TextProbe(text, wholeStart: true, wholeEnd: true))];
        Fragments = [.. _probes.SelectMany(probe => probe.Fragments())];
        Needle = _probes.IsEmpty ? [] : _probes.MaxBy(probe => probe.Needle.Length)!.Needle.ToArray();
    }

    public override bool Matches(ReadOnlySpan<byte> value)
    {
        foreach (var probe in _probes)
        {
            var end = probe.End(value);
            if (end < 0)
            {
                return false;
            }

            value = value[end..];
        }

        return true;
    }

    public override string ToString() => $"{Prefix}seq({string.Join(", ", _texts.Select(Quoting.Word))})";
}
