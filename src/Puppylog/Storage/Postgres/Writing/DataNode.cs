using System.Text;
using Puppylog.Records;

namespace Puppylog.Storage.Postgres.Writing;

/// <summary>A member of <c>data</c>: a value, an object of others, or in different records both.</summary>
/// <param name="name">Its key in the object above.</param>
sealed class DataNode(string name)
{
    readonly List<DataNode> _members = [];

    public BatchColumn? Column { get; set; }

    public IReadOnlyList<DataNode> Members => _members;

    public byte[] Name { get; } = Encoding.UTF8.GetBytes(name);

    /// <summary>The key as JSON, with its colon.</summary>
    public byte[] Key { get; } = KeyOf(Encoding.UTF8.GetBytes(name));

    /// <summary>The member of that name, made where it is not there.</summary>
    public DataNode Member(string key)
    {
        var bytes = Encoding.UTF8.GetBytes(key);
        foreach (var known in _members)
        {
            if (known.Name.AsSpan().SequenceEqual(bytes))
            {
                return known;
            }
        }

        var member = new DataNode(key);
        _members.Add(member);
        return member;
    }

    static byte[] KeyOf(byte[] name)
    {
        using var buffer = new CopyBuffer();
        JsonWriter.String(buffer, name, isStorable: false);
        buffer.Byte((byte)':');
        return buffer.Written.ToArray();
    }
}
