namespace Puppylog.Query.Filters.Automata;

enum InstructionKind : byte
{
    /// <summary>Takes one byte.</summary>
    Range,

    /// <summary>Goes both ways.</summary>
    Fork,

    /// <summary>It matches, whatever follows.</summary>
    Match,

    /// <summary>The bytes are such that only the slow and exact way can tell.</summary>
    Undecided,

    /// <summary>Goes on at the text's beginning.</summary>
    Start,

    /// <summary>Goes on at the text's end.</summary>
    End,

    /// <summary>Goes on where one side is a character of a word and the other is not.</summary>
    WordBoundary,

    NoWordBoundary,

    /// <summary>Goes on where no character of a word stands before.</summary>
    NotAfterWord,

    /// <summary>Goes on where no character of a word follows.</summary>
    NotBeforeWord,
}
