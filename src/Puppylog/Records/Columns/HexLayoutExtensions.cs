namespace Puppylog.Records.Columns;

/// <summary>What a layout says.</summary>
static class HexLayoutExtensions
{
    public static bool IsUpper(this HexLayout layout) => ((byte)layout & 1) != 0;

    public static bool IsUuid(this HexLayout layout) => layout >= HexLayout.LowerUuid;
}
