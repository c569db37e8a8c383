namespace Puppylog.Records;

/// <summary>The type a value had where it came from. Its bytes are the same for search whatever the type.</summary>
enum ValueKind : byte
{
    Text = 0,
    Number = 1,
    Boolean = 2,
    Null = 3,

    /// <summary>An array or an empty object, kept as JSON text.</summary>
    Json = 4,
}
