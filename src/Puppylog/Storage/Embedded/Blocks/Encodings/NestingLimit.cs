using Puppylog.Records;

namespace Puppylog.Storage.Embedded.Blocks.Encodings;

/// <summary>
/// How much may lie within one column: how deep, and how many values in all, so that a few bytes from outside cannot claim
/// more memory than a block deserves. A writer stays far below what a reader accepts.
/// </summary>
sealed class NestingLimit
{
    public const int MaxDepth = 12;

    const int UsualCuts = 3;
    const int WrittenValues = 64;
    const int ReadValues = 4 * WrittenValues;
    const int FewRecords = 1024;

    long _values;
    int _depth;

    /// <summary>What a reader accepts of a column of so many records.</summary>
    public static NestingLimit OfReader(int count) => new() { _values = (count + (long)FewRecords) * ReadValues };

    /// <summary>Begins a column of so many records that is to be written.</summary>
    public void Reset(int count)
    {
        _values = (count + (long)FewRecords) * WrittenValues;
        Cuts = UsualCuts;
    }

    /// <summary>
    /// How many templates may lie within each other. (A third cut within fields saved 0.3 % of an access log's room and took 7 %
    /// of the encoder's time.)
    /// </summary>
    public int Cuts { get; private set; } = UsualCuts;

    /// <summary>The whole column's values are lines that are cut into what would be fields.</summary>
    public void CutToFields() => Cuts = UsualCuts + 2;

    public void Take(int values) => _values -= values;

    /// <summary>True where so many values, and what may lie within them, can still be written.</summary>
    public bool HasRoom(long values) => values * 2 <= _values;

    /// <exception cref="CorruptDataException">No writer nests so deep or so much.</exception>
    public void Enter(int values)
    {
        _values -= values;
        if (++_depth > MaxDepth || _values < 0)
        {
            throw new CorruptDataException("columns lie too deep within each other");
        }
    }

    public void Leave() => _depth--;
}
