namespace Puppylog.Records.Columns;

/// <summary>What is known of values before they are decoded.</summary>
enum LazyForm
{
    /// <summary>Nothing.</summary>
    Any,

    /// <summary>Every value is made of digits, points and a sign.</summary>
    Decimal,

    /// <summary>Every value is made of hexadecimal digits and dashes.</summary>
    Hexadecimal,
}
