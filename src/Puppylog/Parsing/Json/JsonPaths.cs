using System.Text;

namespace Puppylog.Parsing.Json;

/// <summary>
/// The names met so far, so that a line's names need neither strings nor look-ups by string. They are bounded: of a source
/// that goes on inventing names those are known that came first, or again.
/// </summary>
sealed class JsonPaths
{
    const int Most = 4096;

    /// <summary>No name of a role is longer.</summary>
    const int LongestRole = 10;

    readonly Dictionary<byte[], JsonPath> _paths = new(new BytesComparer());
    readonly Dictionary<byte[], JsonPath>.AlternateLookup<ReadOnlySpan<byte>> _lookup;

    public JsonPaths() => _lookup = _paths.GetAlternateLookup<ReadOnlySpan<byte>>();

    /// <summary>Forgets the names that were not met in the last binding where there is no room for others.</summary>
    /// <returns>True where some were forgotten; nobody may go on using them.</returns>
    public bool Renew(int binding)
    {
        if (_paths.Count < Most)
        {
            return false;
        }

        foreach (var (bytes, path) in _paths)
        {
            path.Next = null;
            if (path.Binding != binding)
            {
                _paths.Remove(bytes);
            }
        }

        return true;
    }

    /// <summary>The path of a name; null where it is unknown and there are too many already.</summary>
    /// <param name="path">The flattened name, UTF-8 as far as the source's is.</param>
    /// <param name="isTop">The name stands at the top of the object, not in a nested one.</param>
    public JsonPath? Find(ReadOnlySpan<byte> path, bool isTop)
    {
        if (_lookup.TryGetValue(path, out var known))
        {
            return known;
        }

        var isFull = _paths.Count >= Most;
        if (isFull && !(isTop && path.Length <= LongestRole))
        {
            return null;
        }

        var name = Encoding.UTF8.GetString(path);
        var (role, rank) = isTop ? JsonRoles.Of(name) : (JsonRole.None, 0);
        if (isFull && role == JsonRole.None)
        {
            return null;
        }

        var bytes = path.ToArray();
        var added = new JsonPath(bytes, name, role, rank);
        _paths.Add(bytes, added);
        return added;
    }

    sealed class BytesComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            // HashCode is seeded per process: names chosen to collide cannot be prepared.
            var hash = new HashCode();
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }
    }
}
