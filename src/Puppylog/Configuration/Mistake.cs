using System.Globalization;

namespace Puppylog.Configuration;

/// <summary>Something in a configuration that cannot be meant.</summary>
/// <param name="File">The file as it was named.</param>
/// <param name="Place">Where it stands; null where it is about the file as a whole.</param>
/// <param name="Message">What was found, and what would do.</param>
sealed record Mistake(string File, Place? Place, string Message)
{
    /// <summary><c>puppylog.yaml:12:5: unknown key 'formt'; did you mean 'format'?</c>.</summary>
    public override string ToString() => Place is { } place
        ? string.Create(CultureInfo.InvariantCulture, $"{File}:{place.Line}:{place.Column}: {Message}")
        : $"{File}: {Message}";
}
