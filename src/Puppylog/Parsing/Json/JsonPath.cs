using Puppylog.Records;

namespace Puppylog.Parsing.Json;

/// <summary>A flattened name that was met in a JSON line, and its column in the batch at hand.</summary>
sealed class JsonPath(byte[] bytes, string name, JsonRole role, int rank)
{
    /// <summary>Columns of values that are needed for the line only.</summary>
    const string HiddenValue = FieldNames.HiddenPrefix + "value.";

    public byte[] Bytes { get; } = bytes;

    /// <summary>
    /// The field's name. Names that mean something else to the product (<c>_time</c>, <c>_raw</c>, <c>_line.zone</c>, no
    /// name at all) are not a field's: such a value is in a hidden column, for the line.
    /// </summary>
    public string Name { get; } = IsReserved(name) ? HiddenValue + name : name;

    public JsonRole Role { get; } = role;

    /// <summary>Among the names of the role; the least is the best.</summary>
    public int Rank { get; } = rank;

    /// <summary>The path that followed this one in an earlier line: mostly it does again.</summary>
    public JsonPath? Next { get; set; }

    /// <summary>Null where the batch has no room for one more: the values are added by name.</summary>
    public BatchColumn? Column { get; set; }

    /// <summary>Where the name lies in the batch, for values without a column; absent until the first of them.</summary>
    public ByteSpan NameInBatch { get; set; }

    /// <summary>The binding that <see cref="Column"/> and <see cref="NameInBatch"/> belong to.</summary>
    public int Binding { get; set; }

    static bool IsReserved(string name) => name.Length == 0 || FieldNames.IsHidden(name)
        || name is FieldNames.Time or FieldNames.Message or FieldNames.Raw or FieldNames.Stream or FieldNames.StreamId;
}
