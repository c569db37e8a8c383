namespace Puppylog.Records.Columns;

/// <summary>How hexadecimal values are written; the number is on disk.</summary>
enum HexLayout : byte
{
    Lower = 0,
    Upper = 1,

    /// <summary>32 digits in groups of 8, 4, 4, 4 and 12 (RFC 9562), lower case.</summary>
    LowerUuid = 2,

    UpperUuid = 3,
}
