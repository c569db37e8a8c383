using Puppylog.Records;

namespace Puppylog.Parsing.Syslog;

/// <summary>Where the parts of a syslog line lie, in the line. A mutable struct on purpose: it is filled step by step.</summary>
struct SyslogHeader
{
    public int PriorityEnd;

    /// <summary>-1 for none.</summary>
    public int Priority;

    /// <summary>It is of RFC 5424.</summary>
    public bool IsNew;
    public int TimeStart;
    public int TimeEnd;

    /// <summary>Nanoseconds since 1970, UTC.</summary>
    public long Time;
    public bool HasTime;
    public TimeForm? TimeForm;
    public ByteSpan Host;
    public ByteSpan Application;
    public ByteSpan Process;
    public ByteSpan MessageId;

    /// <summary>Where the structured data begin; the message, where there are none.</summary>
    public int DataStart;
    public int MessageStart;
}
