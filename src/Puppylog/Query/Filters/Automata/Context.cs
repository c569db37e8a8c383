namespace Puppylog.Query.Filters.Automata;

/// <summary>What stands before a place, as far as words are concerned.</summary>
enum Context : byte
{
    /// <summary>Nothing: the text's beginning.</summary>
    Start,

    /// <summary>An ASCII letter or digit, or an underscore.</summary>
    Word,

    /// <summary>Another ASCII character.</summary>
    Other,

    /// <summary>A byte beyond ASCII, of which this engine does not know whether it is part of a word.</summary>
    Wide,
}
