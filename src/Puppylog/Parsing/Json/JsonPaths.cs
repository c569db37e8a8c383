using System.Text;
using Puppylog.Records;

namespace Puppylog.Parsing.Json;

/// <summary>The names met so far, so that a line's names need neither strings nor look-ups by string. The owner starts anew when they are too many.</summary>
sealed class JsonPaths
{
    readonly Dictionary<byte[], JsonPath> _paths = new(new BytesComparer());
    readonly Dictionary<byte[], JsonPath>.AlternateLookup<ReadOnlySpan<byte>> _lookup;

    readonly JsonNaming _naming;

    /// <param name="naming">Which names have a role.</param>
    public JsonPaths(JsonNaming? naming = null)
    {
        _naming = naming ?? JsonNaming.Usual;
        _lookup = _paths.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    public int Count => _paths.Count;

    /// <param name="path">The flattened name, UTF-8 as far as the source's is.</param>
    /// <param name="isTop">The name stands at the top of the object, not in a nested one.</param>
    public JsonPath Find(ReadOnlySpan<byte> path, bool isTop)
    {
        if (_lookup.TryGetValue(path, out var known))
        {
            return known;
        }

        var bytes = path.ToArray();
        var name = Encoding.UTF8.GetString(path);
        var (role, rank) = _naming.Of(name, isTop);
        name = role switch { JsonRole.Trace => FieldNames.TraceId, JsonRole.Span => FieldNames.SpanId, _ => name };
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
