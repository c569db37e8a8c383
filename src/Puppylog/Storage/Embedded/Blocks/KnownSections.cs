using System.Runtime.InteropServices;

namespace Puppylog.Storage.Embedded.Blocks;

/// <summary>
/// How the sections of a column were compressed in the block before, in the order in which they were written, so that not
/// every block tries out which way pays.
/// </summary>
sealed class KnownSections
{
    readonly List<byte?> _codecs = [];
    int _next;

    /// <summary>Begins a block.</summary>
    public void Begin() => _next = 0;

    /// <summary>The codec of the next section; null where it is to be found out.</summary>
    public ref byte? Next()
    {
        if (_next == _codecs.Count)
        {
            _codecs.Add(null);
        }

        return ref CollectionsMarshal.AsSpan(_codecs)[_next++];
    }
}
