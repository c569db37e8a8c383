namespace Puppylog.Query.Filters;

/// <summary>A text that the value contains, in one of the ways of <see cref="TextProbe"/>.</summary>
abstract class TextFilter : ValueFilter
{
    protected TextFilter(string field, TextProbe probe)
        : base(field)
    {
        Probe = probe;
        Fragments = [.. probe.Fragments()];
        FragmentSuffices = probe.IsWord;
        Needle = probe.IgnoreCase ? [] : probe.Needle.ToArray();
    }

    public TextProbe Probe { get; }

    public override bool Matches(ReadOnlySpan<byte> value) => Probe.IsIn(value);

    public override bool TryGetMagnitude(out long magnitude) => Probe.TryGetMagnitude(out magnitude);
}
