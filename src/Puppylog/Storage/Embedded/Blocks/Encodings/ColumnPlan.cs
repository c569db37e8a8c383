using Puppylog.Storage.Embedded.Blocks.Encodings.Templates;

namespace Puppylog.Storage.Embedded.Blocks.Encodings;

/// <summary>
/// What was decided for a column in the blocks before, so that not every block tries out all that may be: which encoding it
/// got, and the templates that its values follow. What turns out not to fit is decided anew, and all of it now and then.
/// </summary>
sealed class ColumnPlan
{
    /// <summary>Blocks for which a plan stands. To make a new one takes about as long as encoding a block.</summary>
    const int Lifetime = 32;

    /// <summary>What was decided for so much fewer values does not stand: few are mostly all different.</summary>
    const int MostGrowth = 4;

    ColumnEncoding? _encoding;
    int _age;

    /// <summary>Values of the block for which it was decided.</summary>
    int _rows;
    ColumnPlan? _distinct;
    KnownSections? _sections;

    /// <summary>The templates of its values; null where they are still to be learned.</summary>
    public LearnedTemplates? Templates { get; set; }

    /// <summary>The plan of the column of its distinct values.</summary>
    public ColumnPlan Distinct => _distinct ??= new();

    /// <summary>How its sections were compressed.</summary>
    public KnownSections Sections => _sections ??= new();

    /// <summary>Begins a block: the encoding that the column had in the one before; null where it is to be decided.</summary>
    /// <param name="rows">Values of the column.</param>
    public ColumnEncoding? Begin(int rows)
    {
        if (++_age > Lifetime || rows > (long)_rows * MostGrowth)
        {
            _rows = rows;
            (_age, _encoding, _distinct, _sections, Templates) = (1, null, null, null, null);
        }

        _sections?.Begin();
        return _encoding;
    }

    /// <summary>Keeps what was decided.</summary>
    public ColumnEncoding Keep(ColumnEncoding encoding)
    {
        _encoding = encoding;
        return encoding;
    }
}
