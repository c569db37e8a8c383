namespace Puppylog.Parsing.Levels;

/// <summary>How grave a record is: what <c>level</c> says, in small letters, of records of every format.</summary>
enum Level : byte
{
    /// <summary>None that is known: the word is kept as it is.</summary>
    Unknown,
    Trace,
    Debug,
    Info,
    Notice,
    Warn,
    Error,

    /// <summary>Critical, alert, emergency and panic, too.</summary>
    Fatal,
}
