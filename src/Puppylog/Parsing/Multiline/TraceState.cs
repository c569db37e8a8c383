namespace Puppylog.Parsing.Multiline;

/// <summary>Which kind of trace the lines of a record have led into, as some of its lines are told by that only.</summary>
enum TraceState : byte
{
    /// <summary>No record has been begun.</summary>
    Start,

    /// <summary>Within a record.</summary>
    Record,

    /// <summary>The line before was indented.</summary>
    Indented,

    /// <summary>Behind <c>Traceback (most recent call last):</c>, up to the exception's own line.</summary>
    Python,

    /// <summary>Behind a Python exception's line: an empty line and another trace may follow.</summary>
    PythonEnd,

    /// <summary>Behind the sentence that says that another trace belongs to it.</summary>
    PythonChain,

    /// <summary>Behind <c>panic:</c> or <c>goroutine 1 [running]:</c>.</summary>
    Go,
}
