using Puppylog.Parsing;
using Puppylog.Processing;

namespace Puppylog.Pipeline;

/// <summary>A parser of a lane. Sources of one format whose records go through one chain share it, and so its tables and its columns.</summary>
sealed class SharedParser(LineParser parser, ProcessorChain? chain)
{
    PendingCommit? _boundTo;
    long _unnamed;

    public LineParser Parser => parser;

    /// <summary>The parser, bound to the commit's batch.</summary>
    public LineParser Bind(PendingCommit pending)
    {
        if (!ReferenceEquals(_boundTo, pending))
        {
            parser.Bind(pending.Batch(parser.Shape, chain));
            _boundTo = pending;
        }

        return parser;
    }

    /// <summary>Fields since the last call whose names were too long to be kept.</summary>
    public long TakeUnnamed()
    {
        var unnamed = parser.Unnamed - _unnamed;
        _unnamed += unnamed;
        return unnamed;
    }
}
