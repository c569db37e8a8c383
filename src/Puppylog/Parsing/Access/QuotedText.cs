using Puppylog.Records;

namespace Puppylog.Parsing.Access;

/// <summary>A field in double quotes, in which Apache writes a quote as <c>\"</c> and a backslash as <c>\\</c>.</summary>
/// <param name="Start">Where the text begins, behind the opening quote.</param>
/// <param name="End">Where the closing quote stands.</param>
/// <param name="IsEscaped">The text holds <c>\"</c> or <c>\\</c>, so that its value is another one.</param>
readonly record struct QuotedText(int Start, int End, bool IsEscaped)
{
    public int Length => End - Start;

    /// <summary>Finds the end of the field whose opening quote stands at <paramref name="at"/>; false where it is not closed.</summary>
    public static bool TryFind(ReadOnlySpan<byte> line, int at, out QuotedText found)
    {
        var start = at + 1;
        var end = start;
        var escaped = false;
        while (true)
        {
            var next = line[end..].IndexOfAny((byte)'"', (byte)'\\');
            if (next < 0)
            {
                found = default;
                return false;
            }

            end += next;
            if (line[end] == '"')
            {
                found = new(start, end, escaped);
                return true;
            }

            if (end + 1 >= line.Length)
            {
                found = default;
                return false;
            }

            escaped |= line[end + 1] is (byte)'"' or (byte)'\\';
            end += 2;
        }
    }

    /// <summary>Appends the value, <c>\"</c> and <c>\\</c> undone, to the batch. Other escapes (<c>\x16</c>) stay as logged.</summary>
    public static ByteSpan Unescape(RecordBatch batch, ByteSpan escaped)
    {
        var target = batch.Reserve(escaped.Length);
        var source = batch.Value(escaped);
        var length = 0;
        for (var i = 0; i < source.Length; i++)
        {
            if (source[i] == '\\' && i + 1 < source.Length && source[i + 1] is (byte)'"' or (byte)'\\')
            {
                i++;
            }

            target[length++] = source[i];
        }

        return batch.Advance(length);
    }
}
