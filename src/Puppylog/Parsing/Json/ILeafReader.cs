namespace Puppylog.Parsing.Json;

/// <summary>Finds the names and values of a text: of a JSON object, of logfmt's pairs.</summary>
interface ILeafReader
{
    /// <summary>Names met so far, which are remembered: the owner takes another reader when they are too many.</summary>
    int Names { get; }

    /// <summary>The reason why the text is none of that form, else null.</summary>
    string? Read(ReadOnlySpan<byte> text, JsonLeaves leaves);
}
