using Puppylog.Configuration.Yaml;

namespace Puppylog.Configuration.Reading;

/// <param name="Text">The text, variables replaced.</param>
/// <param name="Node">As it was written.</param>
/// <param name="IsWhole">False where a variable could not be replaced, which has been told.</param>
readonly record struct TextValue(string Text, TextNode Node, bool IsWhole = true)
{
    public Place Place => Node.Place;

    /// <summary>Where a character of the text stands in the file; where the text begins, if that cannot be told.</summary>
    public Place PlaceOf(int position) =>
        Node.Lead is { } lead && Text == Node.Value ? Place with { Column = Place.Column + lead + position } : Place;
}
