using System.Collections.Immutable;
using Puppylog.Parsing;
using Puppylog.Parsing.Multiline;
using Puppylog.Pipeline;
using Puppylog.Query.Syntax;
using Puppylog.Sources;
using Puppylog.Sources.Globs;
using Puppylog.Sources.Syslog;

namespace Puppylog.Configuration.Reading;

/// <summary>Reads <c>sources</c>, and <c>defaults</c>, which has the same settings.</summary>
sealed class SourceReader(ReadingContext context, IReadOnlyDictionary<string, string> formats)
{
    const int LongestMaxLine = 256 << 20;

    static readonly string[] InputKeys = ["path", "paths", "fifo", "exec", "containers", "syslog", "stdin"];

    static readonly string[] Schemes = ["udp", "tcp", "tls"];

    readonly Dictionary<string, Place> _names = new(StringComparer.Ordinal);
    readonly Dictionary<string, string> _inputs = new(StringComparer.Ordinal);

    public SourceConfiguration ReadDefaults(MapReader? map)
    {
        var defaults = new SourceConfiguration { Name = "", Inputs = [] };
        if (map is null)
        {
            return defaults;
        }

        defaults = ReadSettings(map, defaults);
        map.End();
        return defaults;
    }

    public SourceConfiguration Read(MapReader map, SourceConfiguration defaults)
    {
        var inputs = ReadInputs(map);
        var name = map.Text("name");
        if (!Array.Exists(InputKeys, map.Has))
        {
            context.Add(map.Place, $"a source without lines: expected one of {string.Join(", ", InputKeys)}");
        }

        var shown = name?.Text ?? (inputs.Count > 0 ? inputs[0].Input : "");
        if (name is { } given && !_names.TryAdd(given.Text, given.Place))
        {
            context.Add(given.Place, $"name: there is a source '{given.Text}' already, in line {_names[given.Text].Line}");
        }

        foreach (var (input, place) in inputs)
        {
            if (!_inputs.TryAdd(input, shown))
            {
                context.Add(place, $"'{input}' is read by the source '{_inputs[input]}' already");
            }
        }

        var source = ReadSettings(map, defaults) with { Name = shown, Inputs = [.. inputs.Select(input => input.Input).Distinct()] };
        map.End();
        return source;
    }

    SourceConfiguration ReadSettings(MapReader map, SourceConfiguration defaults)
    {
        var excludes = map.Texts("exclude").Where(IsPattern).Select(pattern => context.PathOf(pattern.Text)).ToImmutableArray();
        return defaults with
        {
            Exclude = defaults.Exclude.AddRange(excludes),
            Format = ReadFormat(map) ?? defaults.Format,
            Invalid = map.Choice("invalid", "report", "keep", "drop") is { } invalid ? Enum.Parse<InvalidLines>(invalid, ignoreCase: true) : defaults.Invalid,
            Join = ReadMultiline(map) ?? defaults.Join,
            FromEnd = map.Choice("from", "beginning", "end") is { } from ? from == "end" : defaults.FromEnd,
            Now = map.Flag("now") ?? defaults.Now,
            MaxLine = (int)(map.Size("max_line", 1, LongestMaxLine) ?? defaults.MaxLine),
            Fields = ReadFields(map, defaults.Fields),
            Group = ReadGroup(map) ?? defaults.Group,
            Processing = map.Raw("processing") ?? defaults.Processing,
            Processors = map.Has("processing") ? ProcessingReader.Read(map) : defaults.Processors,
        };
    }

    List<(string Input, Place Place)> ReadInputs(MapReader map)
    {
        var inputs = new List<(string, Place)>();
        foreach (var path in map.Texts("path").Concat(map.Texts("paths")).Where(IsPattern))
        {
            inputs.Add((context.PathOf(path.Text), path.Place));
        }

        inputs.AddRange(map.Texts("fifo").Select(path => ($"fifo:{context.PathOf(path.Text)}", path.Place)));
        inputs.AddRange(map.Texts("exec", "a command").Select(command => ($"exec:{command.Text}", command.Place)));
        inputs.AddRange(map.Texts("containers", "the path of a directory").Select(path => ($"containers:{context.PathOf(path.Text)}", path.Place)));
        foreach (var address in map.Texts("syslog", "an address like udp://0.0.0.0:514"))
        {
            var name = SyslogAddress.WithPaths($"{SyslogAddress.Prefix}{address.Text}", context.PathOf);
            try
            {
                SyslogAddress.Parse(name);
                inputs.Add((name, address.Place));
            }
            catch (FormatException wrong)
            {
                context.Add(address.Place, $"syslog: {SyslogMistake(address.Text, wrong.Message)}");
            }
        }

        if (map.Flag("stdin") == true)
        {
            inputs.Add((LogSources.StandardInput, map.PlaceOf("stdin")));
        }

        return inputs;
    }

    /// <summary>What is wrong with an address; it is named as it was written.</summary>
    static string SyslogMistake(string address, string mistake)
    {
        var scheme = address.IndexOf("://", StringComparison.Ordinal) is var end and > 0 ? address[..end] : null;
        return scheme is null ? $"expected an address like udp://0.0.0.0:514, tcp://0.0.0.0:601 or tls://0.0.0.0:6514?cert=FILE&key=FILE, found '{address}'"
            : !Schemes.Contains(scheme) ? $"expected udp, tcp or tls, found '{scheme}'{Suggestion.Nearest(scheme, Schemes)}"
            : mistake.Replace(SyslogAddress.Prefix, "", StringComparison.Ordinal);
    }

    bool IsPattern(TextValue pattern)
    {
        try
        {
            PathPattern.Parse(context.PathOf(pattern.Text));
            return true;
        }
        catch (FormatException wrong)
        {
            context.Add(pattern.Place, wrong.Message);
            return false;
        }
    }

    string? ReadFormat(MapReader map)
    {
        if (map.Text("format", "a format") is not { } value)
        {
            return null;
        }

        var format = formats.GetValueOrDefault(value.Text, value.Text);
        if (FormatMistake(format) is not { } mistake)
        {
            return format;
        }

        if (value.Text.Contains(':', StringComparison.Ordinal))
        {
            context.Add(value.Place, $"format: {mistake}");
        }
        else
        {
            string[] known = [CollectOptions.AutomaticFormat, .. LineParsers.Names, .. formats.Keys];
            context.Add(value.Place, $"format: there is no format '{value.Text}'{Suggestion.Nearest(value.Text, known)}; known are {string.Join(", ", known)}");
        }

        return null;
    }

    /// <summary>What is wrong with a format; null where it is one.</summary>
    public static string? FormatMistake(string format) => format == CollectOptions.AutomaticFormat ? null : LineParsers.Check(format);

    JoinRule? ReadMultiline(MapReader map)
    {
        switch (map.Raw("multiline"))
        {
            case null:
                return null;
            case Yaml.MapNode:
                var rules = map.Map("multiline")!;
                var (start, next) = (ReadRule(rules, "start", JoinRule.StartingWith), ReadRule(rules, "continue", JoinRule.ContinuingWith));
                if (start is null == next is null && rules.Has("start") == rules.Has("continue"))
                {
                    context.Add(rules.Place, "multiline: expected either start, an expression that first lines match, or continue, one that the others match");
                }

                rules.End();
                return start ?? next;
            default:
                return map.Choice("multiline", [.. JoinRule.Names, "true", "false"]) switch
                {
                    null or "true" => JoinRule.Auto,
                    "false" => JoinRule.Off,
                    var name => JoinRule.Parse(name),
                };
        }
    }

    JoinRule? ReadRule(MapReader map, string key, Func<string, JoinRule> create)
    {
        if (map.Text(key, "a regular expression") is not { } value)
        {
            return null;
        }

        try
        {
            return create(value.Text);
        }
        catch (ArgumentException wrong)
        {
            context.Add(value.Place, $"{key}: {wrong.Message}");
            return null;
        }
    }

    ImmutableArray<KeyValuePair<string, string>> ReadFields(MapReader map, ImmutableArray<KeyValuePair<string, string>> defaults)
    {
        var fields = defaults.ToList();
        foreach (var (entry, value) in map.Pairs("fields"))
        {
            if (entry.Key.Length == 0 || entry.Key[0] == '_' || entry.Key is Records.FieldNames.FilePath or "time" or "message")
            {
                context.Add(entry.Place, $"fields: '{entry.Key}' is not to be set; names that begin with '_', time, message and file_path say what a record is");
                continue;
            }

            fields.RemoveAll(field => field.Key == entry.Key);
            fields.Add(new(entry.Key, value.Text));
        }

        return [.. fields];
    }

    string? ReadGroup(MapReader map)
    {
        if (map.Text("group") is not { } group)
        {
            return null;
        }

        if (!GroupConfiguration.IsName(group.Text))
        {
            context.Add(group.Place, $"group: expected a name of letters, digits, '_', '-' and '.', found '{group.Text}'");
        }

        return group.Text;
    }
}
