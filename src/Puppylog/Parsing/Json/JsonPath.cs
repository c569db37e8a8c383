using Puppylog.Records;

namespace Puppylog.Parsing.Json;

/// <summary>A flattened name that was met in a JSON line, and its column in the batch at hand.</summary>
sealed class JsonPath(byte[] bytes, string name, JsonRole role, int rank)
{
    public byte[] Bytes { get; } = bytes;

    public string Name { get; } = name;

    public JsonRole Role { get; } = role;

    /// <summary>Among the names of the role; the least is the best.</summary>
    public int Rank { get; } = rank;

    /// <summary>
    /// Names that mean something else to the product (<c>_time</c>, <c>_raw</c>, <c>_line.zone</c>, no name at all) are
    /// not a field's name: such a value stays in the line only.
    /// </summary>
    public bool IsReserved { get; } = IsReservedName(name);

    /// <summary>The path that followed this one in an earlier line: mostly it does again.</summary>
    public JsonPath? Next { get; set; }

    /// <summary>Null where the batch has no column for it.</summary>
    public BatchColumn? Column { get; set; }

    /// <summary>Where the name lies in the batch, for values without a column; absent until the first of them.</summary>
    public ByteSpan NameInBatch { get; set; }

    /// <summary>The binding that <see cref="Column"/> and <see cref="NameInBatch"/> belong to.</summary>
    public int Binding { get; set; }

    public static bool IsReservedName(string name) => name.Length == 0 || FieldNames.IsHidden(name)
        || name is FieldNames.Time or FieldNames.Message or FieldNames.Raw or FieldNames.Stream or FieldNames.StreamId;
}
