namespace Puppylog.Parsing.Patterns;

/// <summary>What a field of a <see cref="LinePattern"/> may hold.</summary>
enum PatternType : byte
{
    /// <summary>Anything up to the text behind it; at the end of the pattern the rest.</summary>
    Text,

    /// <summary>Like text, but something, and without spaces.</summary>
    Word,

    /// <summary>A word that names a level.</summary>
    Level,

    /// <summary>A letter that stands for a level.</summary>
    Letter,

    /// <summary>Digits.</summary>
    Int,

    /// <summary>Digits, perhaps with a minus and a point.</summary>
    Number,

    /// <summary>A letter, then letters, digits, <c>_ . $ -</c>.</summary>
    Name,

    /// <summary>A name with a point in it.</summary>
    Dotted,

    /// <summary>A source file and its line: <c>pkg/main.go:23</c>.</summary>
    Caller,

    /// <summary>A time: in any known form, or in the one that is given.</summary>
    Time,
}
