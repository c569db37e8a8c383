using Puppylog.Configuration.Yaml;

namespace Puppylog.Configuration.Reading;

/// <summary>What the readers of a configuration's parts share: where mistakes go, and what values may refer to.</summary>
/// <param name="file">The file as it was named; relative paths of secrets count from its directory.</param>
/// <param name="environment">What lies around the file.</param>
/// <param name="isLiteral">True where a dollar is a dollar: what comes from outside may not ask for variables.</param>
sealed class ReadingContext(string file, ConfigurationEnvironment environment, bool isLiteral = false)
{
    /// <summary>More would not be read by anybody.</summary>
    const int MostMistakes = 200;

    readonly List<Mistake> _mistakes = [];

    /// <summary>In the order of their places.</summary>
    public IReadOnlyList<Mistake> Mistakes => [.. _mistakes.OrderBy(mistake => mistake.Place?.Line).ThenBy(mistake => mistake.Place?.Column)];

    public ConfigurationEnvironment Environment => environment;

    /// <summary>Values that are never shown: secrets, and what variables with such names hold.</summary>
    public HashSet<string> Secrets { get; } = new(StringComparer.Ordinal);

    public void Add(Place place, string message)
    {
        if (_mistakes.Count < MostMistakes)
        {
            _mistakes.Add(new(file, place, message));
        }
    }

    /// <summary>A text with its variables replaced.</summary>
    public TextValue Resolve(TextNode node)
    {
        if (isLiteral)
        {
            return new(node.Value, node);
        }

        var isWhole = true;
        var text = Interpolation.Replace(node.Value, Variable, (at, message) =>
        {
            isWhole = false;
            Add(new TextValue(node.Value, node).PlaceOf(at), message);
        });
        return new(text, node, isWhole);
    }

    string? Variable(string name)
    {
        var value = environment.Variable(name);
        if (value is { Length: > 0 } && Secret.IsNameOfOne(name))
        {
            Secrets.Add(value);
        }

        return value;
    }

    /// <summary>The path of a file that the configuration names.</summary>
    public string PathOf(string path) => Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file)) ?? "/", path);
}
