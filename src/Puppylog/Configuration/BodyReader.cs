using Puppylog.Alerts.Rules;
using Puppylog.Configuration.Json;
using Puppylog.Configuration.Reading;
using Puppylog.Configuration.Yaml;
using Puppylog.Metrics;

namespace Puppylog.Configuration;

/// <summary>
/// Reads what programs send: JSON with the names that <c>puppylog.yaml</c> has. Variables of the environment are not replaced.
/// </summary>
/// <param name="now">What queries count back from: nanoseconds since 1970, UTC.</param>
sealed class BodyReader(long now)
{
    /// <summary>What stands for the file in mistakes.</summary>
    public const string Name = "body";

    /// <exception cref="ConfigurationException">It is wrong: with all mistakes.</exception>
    public MetricDefinition Metric(ReadOnlySpan<byte> json) => Read(json, MetricReader.Read).Definition! with { IsConfigured = false };

    /// <param name="json">The body.</param>
    /// <param name="metrics">Those that the alert may watch.</param>
    /// <exception cref="ConfigurationException">It is wrong: with all mistakes, but for names that are not there.</exception>
    public AlertDraft Alert(ReadOnlySpan<byte> json, IEnumerable<MetricDefinition> metrics)
    {
        List<MetricConfiguration> known = [.. metrics.Select(metric => new MetricConfiguration { Id = metric.Id, Definition = metric })];
        return Read(json, map => AlertReader.Read(map, known, notifiers: null));
    }

    /// <exception cref="ConfigurationException">It is wrong: with all mistakes.</exception>
    public GroupConfiguration Group(ReadOnlySpan<byte> json) => Read(json, GroupReader.Read);

    /// <summary>Reads an object of another kind.</summary>
    /// <param name="json">The body.</param>
    /// <param name="read">Reads it; what it does not ask for is told as unknown.</param>
    /// <exception cref="ConfigurationException">It is wrong: with all mistakes.</exception>
    public T Read<T>(ReadOnlySpan<byte> json, Func<MapReader, T> read)
    {
        var context = new ReadingContext(Name, new(_ => null, _ => throw new NotSupportedException("no files"), now), isLiteral: true);
        var node = JsonNodeReader.Read(json, context.Add);
        if (node is not MapNode map)
        {
            if (node is not null)
            {
                context.Add(node.Place, $"expected a JSON object, found {node.Kind}");
            }

            throw new ConfigurationException(context.Mistakes);
        }

        var value = read(new MapReader(context, map));
        return context.Mistakes is [] ? value : throw new ConfigurationException(context.Mistakes);
    }
}
