namespace Puppylog.Configuration;

/// <summary>A configuration that cannot be used, with all its mistakes.</summary>
sealed class ConfigurationException(IReadOnlyList<Mistake> mistakes) : Exception(string.Join('\n', mistakes))
{
    public IReadOnlyList<Mistake> Mistakes { get; } = mistakes;
}
