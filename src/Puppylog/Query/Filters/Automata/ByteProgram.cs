namespace Puppylog.Query.Filters.Automata;

/// <summary>
/// A nondeterministic automaton over bytes (Thompson's construction) that looks for a match anywhere in a text.
/// </summary>
/// <param name="Instructions">The steps.</param>
/// <param name="Entry">Where a search begins: the match, or one byte further.</param>
/// <param name="Prefix">Bytes that every match begins with; empty where none are known.</param>
sealed record ByteProgram(Instruction[] Instructions, int Entry, byte[] Prefix)
{
    public bool HasStart { get; } = Array.Exists(Instructions, step => step.Kind == InstructionKind.Start);

    /// <summary>True where it matters whether a word's character stands before.</summary>
    public bool AsksForWords { get; } = Array.Exists(Instructions, step => step.Kind >= InstructionKind.WordBoundary);
}
