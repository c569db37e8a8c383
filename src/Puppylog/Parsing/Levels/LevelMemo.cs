using Puppylog.Records;

namespace Puppylog.Parsing.Levels;

/// <summary>The levels that were told lately: a log has a handful of words for them.</summary>
sealed class LevelMemo
{
    readonly Entry?[] _entries = new Entry?[16];

    /// <summary>What <see cref="LevelWords.Of"/> and <see cref="LevelColumns.ColumnOf"/> say of the text.</summary>
    public (Level Level, string Column) Of(ReadOnlySpan<byte> text, ValueKind kind = ValueKind.Text)
    {
        if (text.IsEmpty)
        {
            return (Level.Unknown, FieldNames.Level);
        }

        ref var entry = ref _entries[(text[0] ^ (text.Length << 1)) & 15];
        if (entry is null || entry.Kind != kind || !text.SequenceEqual(entry.Text))
        {
            var level = LevelWords.Of(text, kind);
            var column = LevelColumns.ColumnOf(text, level);
            if (level == Level.Unknown)
            {
                return (level, column);
            }

            entry = new(text.ToArray(), kind, level, column);
        }

        return (entry.Level, entry.Column);
    }

    sealed record Entry(byte[] Text, ValueKind Kind, Level Level, string Column);
}
