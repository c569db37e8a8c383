using System.Text;

namespace Puppylog.Processing.Options;

/// <summary>The secret of keyed hashes. Never printed.</summary>
sealed class RedactionKey
{
    /// <summary>Bytes: a shorter one could be guessed.</summary>
    public const int Least = 16;

    readonly byte[] _bytes;

    public RedactionKey(ReadOnlySpan<byte> bytes) => _bytes = bytes.ToArray();

    public ReadOnlySpan<byte> Bytes => _bytes;

    public int Length => _bytes.Length;

    /// <summary>A text as a file or the environment has it: white space around it does not count.</summary>
    public static RedactionKey FromText(string text) => new(Encoding.UTF8.GetBytes(text.Trim()));

    public override string ToString() => "***";
}
