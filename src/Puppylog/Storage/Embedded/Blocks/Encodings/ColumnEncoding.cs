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

    /// <summary>IPv4 addresses in canonical dotted form.</summary>
    Ipv4 = 8,

    /// <summary>Hexadecimal text and UUIDs, four bits a digit.</summary>
    Hex = 9,

    /// <summary>Decimal fractions and numbers of a fixed width.</summary>
    Decimal = 10,

    /// <summary>Text as templates and variables, each variable a column of its own.</summary>
    Template = 11,

    /// <summary>Like a dictionary, the distinct values a column of their own.</summary>
    Coded = 12,

    /// <summary>The values of all fields that have no column of their own.</summary>
    Overflow = 17,

    /// <summary>Lines derived from other columns by templates that were learned from them, which come first.</summary>
    LearnedLine = 24,

    /// <summary>A column that is named, and another one for the records that do not have it.</summary>
    Either = 25,

    /// <summary>Lines made of values in an order and forms of the text between them; the others as learned lines.</summary>
    AssembledLine = 27,
}
