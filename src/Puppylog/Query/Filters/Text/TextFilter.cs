using Puppylog.Query.Filters.Automata;

namespace Puppylog.Query.Filters.Text;

/// <summary>A text that the value contains, in one of the ways of <see cref="TextProbe"/>.</summary>
abstract class TextFilter : ValueFilter
{
    readonly Lazy<ByteAutomaton?> _automaton;

    protected TextFilter(string field, TextProbe probe)
        : base(field)
    {
        Probe = probe;
        _automaton = new(() => ByteAutomaton.Of(probe));
        Fragments = [.. probe.Fragments()];
        Needle = probe.IgnoreCase ? [] : probe.Needle.ToArray();
    }

    public TextProbe Probe { get; }

    public override ByteAutomaton? Automaton => _automaton.Value;

    public override bool Matches(ReadOnlySpan<byte> value) => Probe.IsIn(value);

    public override bool TryGetMagnitude(out long magnitude) => Probe.TryGetMagnitude(out magnitude);
}
