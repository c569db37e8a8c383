namespace Puppylog.Query.Filters.Automata;

/// <summary>Bytes that no step of a program tells apart, as one.</summary>
static class ByteClasses
{
    /// <summary>The class of each byte, and one byte of each class.</summary>
    public static (byte[] Classes, byte[] Representatives) Of(ByteProgram program)
    {
        Span<bool> starts = stackalloc bool[257];
        starts.Clear();
        foreach (var step in program.Instructions)
        {
            if (step.Kind == InstructionKind.Range && step.First <= step.Last)
            {
                starts[step.First] = true;
                starts[step.Last + 1] = true;
            }
        }

        if (program.AsksForWords)
        {
            for (var value = 1; value <= byte.MaxValue; value++)
            {
                starts[value] |= StateTable.ContextAfter((byte)value) != StateTable.ContextAfter((byte)(value - 1));
            }
        }

        var classes = new byte[256];
        var representatives = new List<byte> { 0 };
        for (var value = 1; value <= byte.MaxValue; value++)
        {
            if (starts[value])
            {
                representatives.Add((byte)value);
            }

            classes[value] = (byte)(representatives.Count - 1);
        }

        return (classes, [.. representatives]);
    }
}
