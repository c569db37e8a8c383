namespace Puppylog.Processing;

/// <summary>The same number for the same bytes in every process and version, so that collectors on several machines choose alike.</summary>
/// <remarks>FNV-1a, 64 bits, ended by the mixing steps of SplitMix64, as FNV's upper bits alone are poor for short values.</remarks>
static class StableHash
{
    public static ulong Of(ReadOnlySpan<byte> bytes)
    {
        var hash = 0xcbf29ce484222325UL;
        foreach (var b in bytes)
        {
            hash = (hash ^ b) * 0x100000001b3UL;
        }

        return Mix(hash);
    }

    public static ulong Mix(ulong number)
    {
        number += 0x9e3779b97f4a7c15UL;
        number = (number ^ (number >> 30)) * 0xbf58476d1ce4e5b9UL;
        number = (number ^ (number >> 27)) * 0x94d049bb133111ebUL;
        return number ^ (number >> 31);
    }
}
