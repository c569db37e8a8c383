namespace Puppylog.Query.Filters.Automata;

enum AnchorKind
{
    /// <summary><c>^</c>, <c>\A</c>.</summary>
    Start,

    /// <summary><c>\z</c>.</summary>
    End,

    /// <summary><c>$</c>, <c>\Z</c>: the end, or before a newline that is the last character.</summary>
    EndOrLastNewline,

    /// <summary><c>\b</c>.</summary>
    WordBoundary,

    /// <summary><c>\B</c>.</summary>
    NoWordBoundary,
}
