using Puppylog.Parsing.Multiline;

namespace Puppylog.Parsing.Containers;

/// <summary>Which messages of one of a container's two streams belong together.</summary>
sealed class MessageJoin
{
    TraceJoin _trace = new((byte)'{');
    bool _isPartial;

    /// <param name="message">What the container wrote.</param>
    /// <param name="isPartial">It goes on in the next line.</param>
    public bool Continues(ReadOnlySpan<byte> message, bool isPartial)
    {
        if (_isPartial)
        {
            _isPartial = isPartial;
            return true;
        }

        _isPartial = isPartial;
        return _trace.Continues(message);
    }

    public void Reset()
    {
        _trace = new((byte)'{');
        _isPartial = false;
    }
}
