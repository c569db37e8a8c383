namespace Puppylog.App.Tui.Drawing;

/// <summary>How a cell looks.</summary>
readonly record struct Style(Colour Colour = Colour.Default, Weight Weight = Weight.Plain)
{
    public static Style Plain => default;

    public static Style Dim => new(Weight: Weight.Dim);

    public static Style Strong => new(Weight: Weight.Bold);

    /// <summary>What is chosen.</summary>
    public static Style Selected => new(Weight: Weight.Reversed);

    public static Style Good => new(Colour.Green);

    public static Style Warning => new(Colour.Yellow);

    public static Style Bad => new(Colour.Red, Weight.Bold);

    /// <summary>Bars and plots.</summary>
    public static Style Accent => new(Colour.Cyan);
}
