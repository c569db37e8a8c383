namespace Puppylog.Parsing.Access;

/// <summary>Where the fields of an access-log line lie, as places in the line without its <c>\r</c>.</summary>
/// <remarks>A mutable struct on purpose: it lives on the stack of one call and is filled step by step.</remarks>
struct AccessLine
{
    public int HostEnd;
    public int IdentStart;
    public int IdentEnd;
    public int UserStart;
    public int UserEnd;

    /// <summary>Nanoseconds since 1970, UTC.</summary>
    public long Time;

    /// <summary><c>_time</c> does not give the time back as it was written.</summary>
    public bool KeepsTime;

    public QuotedText Request;
    public int StatusStart;
    public int StatusEnd;
    public int BytesStart;
    public int BytesEnd;
    public bool IsCombined;
    public QuotedText Referrer;
    public QuotedText UserAgent;
    public bool HasForwardedFor;
    public QuotedText ForwardedFor;
    public bool HasDuration;
    public int DurationStart;
    public int DurationEnd;

    /// <summary>Fields stand one space apart and nothing follows them, as templates have it.</summary>
    public bool IsExact;

    /// <summary>Where the time's closing bracket must stand.</summary>
    public readonly int TimeEnd => UserEnd + 2 + Records.Timestamps.ClfLength;
}
