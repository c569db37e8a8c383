using System.Buffers;
using Puppylog.Query.Filters.Automata;
using Puppylog.Records;

namespace Puppylog.Query.Filters.Composed;

/// <summary>How a part of a composed text is passed: what stands for an absent value, and the fixed bytes behind it.</summary>
readonly ref struct Passage(ByteAutomaton automaton, ReadOnlySpan<byte> absent, ReadOnlySpan<byte> following, JsonEscapes? escapes = null)
{
    public ByteAutomaton Automaton { get; } = automaton;

    public ReadOnlySpan<byte> Absent { get; } = absent;

    public ReadOnlySpan<byte> Following { get; } = following;

    /// <summary>How values are escaped; null where they stand as they are.</summary>
    public JsonEscapes? Escapes { get; } = escapes;

    public Passage Unescaped => new(Automaton, Absent, Following);

    /// <summary>The state after a value and what follows it.</summary>
    public int After(int state, ReadOnlySpan<byte> value) =>
        Automaton.Run(Escapes is not null && value.ContainsAny(Escapes.Marked) ? Escaped(state, value) : Automaton.Run(state, value), Following);

    /// <summary>The state after nothing and what follows it.</summary>
    public int AfterAbsent(int state) => Automaton.Run(Automaton.Run(state, Absent), Following);

    int Escaped(int state, ReadOnlySpan<byte> value)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(value.Length * JsonEscapes.MaxGrowth);
        var after = Automaton.Run(state, buffer.AsSpan(0, Escapes!.Write(value, buffer)));
        ArrayPool<byte>.Shared.Return(buffer);
        return after;
    }
}
