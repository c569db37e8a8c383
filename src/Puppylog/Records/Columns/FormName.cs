namespace Puppylog.Records.Columns;

/// <summary>How a field's name stands in the text before its value; the number is on disk.</summary>
enum FormName : byte
{
    /// <summary>Not at all.</summary>
    None = 0,

    Whole = 1,

    /// <summary>What follows the name's last dot: the key in a nested object.</summary>
    LastPart = 2,
}
