namespace Puppylog.Query.Filters.Automata;

/// <summary>One step of a <see cref="ByteProgram"/>.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="First">The least byte that a range takes.</param>
/// <param name="Last">The greatest.</param>
/// <param name="Next">Where it goes on.</param>
/// <param name="Other">The other way of a fork.</param>
readonly record struct Instruction(InstructionKind Kind, byte First, byte Last, int Next, int Other);
