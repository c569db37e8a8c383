namespace Puppylog.Storage.Embedded.Blocks.Encodings;

/// <summary>How a column chunk is laid out; the number is on disk.</summary>
enum ColumnEncoding : byte
{
    /// <summary>Every record has the same value.</summary>
    Constant = 1,

    /// <summary>Distinct values once, a code per record.</summary>
    Dictionary = 2,

    /// <summary>Integers in canonical decimal form.</summary>
    Integer = 3,

    /// <summary>Any bytes.</summary>
    Text = 4,

    /// <summary>Nanoseconds.</summary>
    Timestamp = 5,

    /// <summary>Lines derived from other columns by templates.</summary>
    Line = 6,

    /// <summary>The same as another column, which is named.</summary>
    SameAs = 7,

    /// <summary>The values of all fields that have no column of their own.</summary>
    Overflow = 16,
}
