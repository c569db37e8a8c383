using System.Text;
using Puppylog.Query.Filters.Automata;

namespace Puppylog.Query.Filters.Values;

/// <summary>The value is exactly these bytes, which need not be text. No part of the language: for looking values up.</summary>
sealed class ExactBytesFilter : ValueFilter
{
    readonly byte[] _value;
    readonly Lazy<ByteAutomaton?> _automaton;

    public ExactBytesFilter(string field, byte[] value)
        : base(field)
    {
        _value = value;
        Needle = value;
        _automaton = new(() => ProgramBuilder.BuildExact(value) is { } program ? new(program) : null);
    }

    public override ByteAutomaton? Automaton => _automaton.Value;

    public override bool Matches(ReadOnlySpan<byte> value) => value.SequenceEqual(_value);

    public override string ToString() => $"{FullPrefix}={Encoding.UTF8.GetString(_value)}";

    /// <summary>The automaton begins with the value already, and is done with a wrong one after a few bytes.</summary>
    protected override byte[] OtherNeedle(ReadOnlySpan<byte> prefix) => [];
}
