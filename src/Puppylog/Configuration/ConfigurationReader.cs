using System.Collections.Immutable;
using System.Globalization;
using Puppylog.Configuration.Reading;
using Puppylog.Configuration.Yaml;
using Puppylog.Records;
using Puppylog.Storage.Embedded.Retention;

namespace Puppylog.Configuration;

/// <summary>Reads <c>puppylog.yaml</c> and finds all that is wrong with it.</summary>
sealed class ConfigurationReader
{
    readonly ReadingContext _context;
    readonly string _file;
    readonly ConfigurationUse _use;

    ConfigurationReader(string file, ConfigurationEnvironment environment, ConfigurationUse use)
    {
        _file = file;
        _use = use;
        _context = new(file, environment);
    }

    /// <summary>Reads a file.</summary>
    /// <param name="use">Who is to work by it.</param>
    /// <exception cref="ConfigurationException">It cannot be read, or is wrong: with all mistakes.</exception>
    public static PuppylogConfiguration Read(string file, ConfigurationEnvironment environment, ConfigurationUse use = ConfigurationUse.Any)
    {
        string text;
        try
        {
            text = File.ReadAllText(file);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException([new(file, null, $"cannot be read: {(Directory.Exists(file) ? "it is a directory" : wrong is UnauthorizedAccessException ? "permission denied" : wrong.Message)}")]);
        }

        return Parse(file, text, environment, use);
    }

    /// <summary>Reads a text that stands, or could stand, in a file.</summary>
    /// <exception cref="ConfigurationException">It is wrong: with all mistakes.</exception>
    public static PuppylogConfiguration Parse(string file, string text, ConfigurationEnvironment environment, ConfigurationUse use = ConfigurationUse.Any)
    {
        var reader = new ConfigurationReader(file, environment, use);
        var configuration = reader.Parse(text);
        return reader._context.Mistakes is [] ? configuration : throw new ConfigurationException(reader._context.Mistakes);
    }

    PuppylogConfiguration Parse(string text)
    {
        var configuration = new PuppylogConfiguration { File = _file };
        switch (YamlReader.Read(text, _context.Add))
        {
            case MapNode root:
                return Read(new MapReader(_context, root), configuration);
            case null or TextNode { IsNothing: true }:
                return configuration;
            case var other:
                _context.Add(other.Place, $"expected settings as 'name: value', found {other.Kind}");
                return configuration;
        }
    }

    PuppylogConfiguration Read(MapReader root, PuppylogConfiguration configuration)
    {
        var formats = ReadFormats(root);
        var sourceReader = new SourceReader(_context, formats);
        var defaults = sourceReader.ReadDefaults(root.Map("defaults"));
        var sources = root.Maps("sources").Select(map => sourceReader.Read(map, defaults)).ToImmutableArray();
        var notifiers = Unique("notifier", root.Maps("notifiers").Select(map => (NotifierReader.Read(map), Name(map, "name"))));
        configuration = configuration with
        {
            Sources = sources,
            Processing = root.Raw("processing"),
            Processors = ProcessingReader.Read(root),
            Batches = ReadBatches(root.Map("batches")),
            Store = ReadStore(root.Map("store")),
            Retention = ReadRetention(root.Map("retention")),
            Server = root.Map("server") is { } server ? ServerReader.Read(server) : new(),
            Agent = root.Map("agent") is { } agent ? AgentReader.Read(agent) : null,
            Groups = ReadGroups(root, sources),
            Metrics = Unique("metric", root.Maps("metrics").Select(map => (MetricReader.Read(map), Name(map, "id")))),
            Notifiers = notifiers,
        };
        List<MapReader> alerts = [.. root.Maps("alerts")];
        configuration = configuration with
        {
            AlertPlaces = [.. alerts.Select(map => map.PlaceOf("metric"))],
            Alerts = Unique("alert", alerts.Select(map => (AlertReader.Read(map, configuration.Metrics, [.. notifiers.Select(notifier => notifier.Name).OfType<string>()]), Name(map, "id")))),
        };
        root.End();
        if (_use == ConfigurationUse.Agent)
        {
            AgentReader.RefuseOthers(root);
        }

        return configuration with { Secrets = [.. _context.Secrets] };
    }

    static (string Name, Place Place) Name(MapReader map, string key) => ((map.Raw(key) as TextNode)?.Value ?? "", map.PlaceOf(key));

    ImmutableArray<T> Unique<T>(string what, IEnumerable<(T Item, (string Name, Place Place) Key)> items)
    {
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        var unique = ImmutableArray.CreateBuilder<T>();
        foreach (var (item, (name, place)) in items)
        {
            unique.Add(item);
            if (name.Length > 0 && !lines.TryAdd(name, place.Line))
            {
                _context.Add(place, string.Create(CultureInfo.InvariantCulture, $"there is a {what} '{name}' already, in line {lines[name]}"));
            }
        }

        return unique.ToImmutable();
    }

    Dictionary<string, string> ReadFormats(MapReader root)
    {
        var formats = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (entry, value) in root.Pairs("formats"))
        {
            if (Parsing.LineParsers.IsKnown(entry.Key) || entry.Key == Pipeline.CollectOptions.AutomaticFormat)
            {
                _context.Add(entry.Place, $"formats: '{entry.Key}' is a format already; choose another name");
            }
            else if (SourceReader.FormatMistake(value.Text) is { } mistake)
            {
                _context.Add(value.Place, $"formats.{entry.Key}: {mistake}");
                formats[entry.Key] = "text";
            }
            else
            {
                formats[entry.Key] = value.Text;
            }
        }

        return formats;
    }

    static BatchConfiguration ReadBatches(MapReader? map)
    {
        var batches = new BatchConfiguration();
        if (map is null)
        {
            return batches;
        }

        batches = batches with
        {
            Size = map.Number("size", 1, RecordBatch.MaxRecords) ?? batches.Size,
            Wait = map.Duration("wait", TimeSpan.Zero, TimeSpan.FromMinutes(1)) ?? batches.Wait,
            Workers = map.Number("workers", 1, 64) ?? batches.Workers,
        };
        map.End();
        return batches;
    }

    StoreConfiguration ReadStore(MapReader? map)
    {
        var store = new StoreConfiguration(map?.Text("data", "the path of a directory") is { } data ? _context.PathOf(data.Text) : null);
        map?.End();
        return store;
    }

    static RetentionConfiguration ReadRetention(MapReader? map)
    {
        var retention = new RetentionConfiguration(
            map?.Value<TimeSpan>("age", "an age like 30d, 12h, 4w or 1y, or forever", text => RetentionText.TryParseAge(text, out var age) ? age : null),
            map?.Value<long>("size", $"a size like 50GB or 500MB, at least {RetentionText.MinBytes >> 20}MiB, or unlimited", text => RetentionText.TryParseSize(text, out var bytes) ? bytes : null));
        map?.End();
        return retention;
    }

    ImmutableArray<GroupConfiguration> ReadGroups(MapReader root, ImmutableArray<SourceConfiguration> sources)
    {
        var named = Unique("group", root.Maps("groups").Select(map => (GroupReader.Read(map), Name(map, "name"))));
        var names = named.Select(group => group.Name).ToHashSet(StringComparer.Ordinal);
        var ofSources = sources.Select(source => source.Group).OfType<string>().Distinct().ToList();
        return
        [
            .. named.Select(group => ofSources.Contains(group.Name) ? group.WithSources() : group),
            .. ofSources.Where(name => !names.Contains(name)).Select(name => new GroupConfiguration(name, "{}").WithSources()),
        ];
    }
}
