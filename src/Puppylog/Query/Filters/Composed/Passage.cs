using Puppylog.Query.Filters.Automata;

namespace Puppylog.Query.Filters.Composed;

/// <summary>How a part of a composed text is passed: what stands for an absent value, and the fixed bytes behind it.</summary>
readonly ref struct Passage(ByteAutomaton automaton, ReadOnlySpan<byte> absent, ReadOnlySpan<byte> following)
{
    public ByteAutomaton Automaton { get; } = automaton;

    public ReadOnlySpan<byte> Absent { get; } = absent;

    public ReadOnlySpan<byte> Following { get; } = following;

    /// <summary>The state after a value and what follows it.</summary>
    public int After(int state, ReadOnlySpan<byte> value) => Automaton.Run(Automaton.Run(state, value), Following);
}
