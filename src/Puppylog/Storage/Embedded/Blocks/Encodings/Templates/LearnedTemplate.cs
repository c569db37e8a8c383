using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Puppylog.Records;

namespace Puppylog.Storage.Embedded.Blocks.Encodings.Templates;

/// <summary>
/// A template as it was learned from some values, and where the variables of the values lie that follow it: those of 256
/// values variable by variable, so that both taking up values and walking along a variable stay near in memory.
/// </summary>
/// <param name="tokens">The tokens that are always the same; null for a variable.</param>
/// <param name="separators">What stands between the tokens.</param>
sealed class LearnedTemplate(byte[]?[] tokens, byte[] separators)
{
    const int Run = 256;

    readonly ColumnPlan[] _plans = [.. tokens.Where(token => token is null).Select(_ => new ColumnPlan())];
    readonly CopiedValues.Stretch[] _stretches = [.. tokens.Where(token => token is null).Select(_ => new CopiedValues.Stretch())];
    ByteSpan[] _spans = [];

    /// <summary>Of values that follow no template: the value itself.</summary>
    public static LearnedTemplate OfWhole() => new([null], []);

    public ReadOnlySpan<byte[]?> Tokens => tokens;

    public ReadOnlySpan<byte> Separators => separators;

    /// <summary>Tokens that are not always the same.</summary>
    public int Variables => _plans.Length;

    /// <summary>True where the last variable goes to the value's end, whatever it has.</summary>
    public bool HasTail => tokens.Length == SeparatorSet.MaxTokens;

    /// <summary>Values that follow it.</summary>
    public int Rows { get; private set; }

    /// <summary>True where no word of a value reaches from one part into the next.</summary>
    public bool KeepsWordsApart => !separators.AsSpan().ContainsAnyInRange((byte)'0', (byte)'9')
        && !separators.AsSpan().ContainsAnyInRange((byte)'a', (byte)'z') && !separators.AsSpan().ContainsAnyInRange((byte)'A', (byte)'Z')
        && !separators.AsSpan().Contains((byte)'_');

    public ColumnPlan Plan(int variable) => _plans[variable];

    /// <summary>Takes up a value that follows the template, by its variables.</summary>
    public void Add(ReadOnlySpan<byte> bytes, ReadOnlySpan<ByteSpan> variables, CopiedValues copies)
    {
        if (variables.IsEmpty)
        {
            Rows++;
            return;
        }

        var at = ((Rows & -Run) * variables.Length) + (Rows & (Run - 1));
        if ((Rows & (Run - 1)) == 0)
        {
            Grow(at + (Run * variables.Length));
        }

        // The last place of the run is there; so are the others.
        _ = _spans[at + (Run * (variables.Length - 1))];
        ref var span = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_spans), at);
        var stretches = _stretches.AsSpan(0, variables.Length);
        for (var i = 0; i < stretches.Length; i++)
        {
            span = copies.Add(bytes, variables[i], ref stretches[i]);
            span = ref Unsafe.Add(ref span, Run);
        }

        Rows++;
    }

    void Grow(int size)
    {
        if (_spans.Length < size)
        {
            Array.Resize(ref _spans, Math.Max(size, _spans.Length * 2));
        }
    }

    /// <summary>The values of a variable, in the order in which they were taken up.</summary>
    public ColumnInput Column(CopiedValues copies, int variable, EncoderScratch scratch) => new()
    {
        Bytes = copies.Bytes,
        Stretches = CollectionsMarshal.AsSpan(_stretches[variable].Full),
        Spans = Rows == 0 ? default : _spans.AsSpan(variable * Run),
        Rows = Variables == 1 ? scratch.Identity(Rows) : scratch.Runs(Rows, Run, Variables),
    };

    /// <summary>Ends the taking up.</summary>
    public void Finish()
    {
        foreach (ref var stretch in _stretches.AsSpan())
        {
            stretch.Finish();
        }
    }

    /// <summary>Forgets the values; the room for them is kept, as the next block will need it.</summary>
    public void Clear()
    {
        foreach (ref var stretch in _stretches.AsSpan())
        {
            stretch.Clear();
        }

        Rows = 0;
    }
}
