using Puppylog.Records;

namespace Puppylog.Parsing.Levels;

/// <summary>
/// Sets a record's level: the well-known word in <c>level</c>, and what the line has for it, where it is another, in
/// <c>level_text</c> or, where only capitals differ, in a hidden column.
/// </summary>
sealed class LevelColumns
{
    readonly ByteSpan[] _words = new ByteSpan[(int)Level.Fatal + 1];
    RecordBatch _batch = null!;
    BatchColumn? _level;
    BatchColumn? _text;
    BatchColumn? _line;

    public void Bind(RecordBatch batch)
    {
        _batch = batch;
        _level = _text = _line = null;
        _words.AsSpan().Fill(ByteSpan.Absent);
    }

    /// <summary>The column that has the level as the line has it: what a line's template names.</summary>
    public static string ColumnOf(ReadOnlySpan<byte> text, Level level)
    {
        var word = LevelWords.Text(level);
        if (level == Level.Unknown || text.SequenceEqual(word))
        {
            return FieldNames.Level;
        }

        if (text.Length != word.Length)
        {
            return FieldNames.LevelText;
        }

        for (var i = 0; i < word.Length; i++)
        {
            if ((text[i] | 0x20) != word[i])
            {
                return FieldNames.LevelText;
            }
        }

        return FieldNames.LineLevel;
    }

    /// <param name="row">The record.</param>
    /// <param name="text">What the line has for its level.</param>
    /// <param name="level">What it means.</param>
    /// <param name="column">What <see cref="ColumnOf"/> said.</param>
    /// <param name="kind">How it was written.</param>
    public void Set(int row, ByteSpan text, Level level, string column, ValueKind kind = ValueKind.Text)
    {
        _level ??= _batch.Column(FieldNames.Level);
        if (ReferenceEquals(column, FieldNames.Level))
        {
            _level.Set(row, text, kind);
            return;
        }

        _level.Set(row, Word(level));
        if (ReferenceEquals(column, FieldNames.LevelText))
        {
            (_text ??= _batch.Column(FieldNames.LevelText)).Set(row, text, kind);
        }
        else
        {
            (_line ??= _batch.Column(FieldNames.LineLevel)).Set(row, text, kind);
        }
    }

    /// <summary>A level that the line does not write as such.</summary>
    public void Set(int row, Level level)
    {
        if (level != Level.Unknown)
        {
            (_level ??= _batch.Column(FieldNames.Level)).Set(row, Word(level));
        }
    }

    ByteSpan Word(Level level)
    {
        ref var word = ref _words[(int)level];
        if (word.IsAbsent)
        {
            word = _batch.Append(LevelWords.Text(level));
        }

        return word;
    }
}
