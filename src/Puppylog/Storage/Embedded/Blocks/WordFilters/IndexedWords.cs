using Puppylog.Records;

namespace Puppylog.Storage.Embedded.Blocks.WordFilters;

/// <summary>Which words a filter holds. Writers and readers must agree: a word that is not indexed may be anywhere.</summary>
static class IndexedWords
{
    /// <summary>Shorter ones stand in almost every block, and three letters are a month of an access log's time.</summary>
    public const int MinLength = 4;

    /// <summary>False for short words and for four digits: a year or a zone of a time that is not stored as text.</summary>
    public static bool IsIndexed(ReadOnlySpan<byte> word) =>
        word.Length > MinLength || (word.Length == MinLength && word.ContainsAnyExceptInRange((byte)'0', (byte)'9'));

    /// <summary>True where the text is exactly one word.</summary>
    public static bool IsOneWord(ReadOnlySpan<byte> text)
    {
        var at = 0;
        return Words.TryNext(text, ref at, out var word) && word.Length == text.Length;
    }
}
