using System.Globalization;
using Puppylog.Configuration.Yaml;
using Puppylog.Query.Syntax;
using Puppylog.Records;

namespace Puppylog.Configuration.Reading;

/// <summary>Reads the settings of one mapping, each by its name, and tells of those that nobody asked for.</summary>
sealed class MapReader(ReadingContext context, MapNode map)
{
    const string MergeKey = "<<";
    const int LeastPart = 4;
    const int CommonPart = 5;

    readonly HashSet<string> _known = new(StringComparer.Ordinal);

    public ReadingContext Context => context;

    public Place Place => map.Place;

    /// <summary>True where something is set under the name.</summary>
    public bool Has(string key) => Find(key) is not null;

    /// <summary>Where the name stands; the mapping, where it is not set.</summary>
    public Place PlaceOf(string key) => map.Find(key)?.Place ?? map.Place;

    /// <summary>The text of a setting; null where it is not set, or no text.</summary>
    public TextValue? Text(string key, string expected = "a text")
    {
        switch (Find(key))
        {
            case null:
                return null;
            case { Value: TextNode text }:
                var value = context.Resolve(text);
                if (!value.IsWhole)
                {
                    return null;
                }

                if (value.Text.Length > 0)
                {
                    return value;
                }

                context.Add(text.Place, $"{key}: expected {expected}, found an empty text");
                return null;
            case var entry:
                context.Add(entry.Value.Place, $"{key}: expected {expected}, found {entry.Value.Kind}");
                return null;
        }
    }

    /// <summary>One text or a list of them; empty where nothing is set.</summary>
    public IReadOnlyList<TextValue> Texts(string key, string expected = "a text or a list of texts")
    {
        if (Find(key) is not { } entry)
        {
            return [];
        }

        var values = new List<TextValue>();
        foreach (var item in entry.Value is ListNode list ? list.Items : [entry.Value])
        {
            if (item is not TextNode text)
            {
                context.Add(item.Place, $"{key}: expected {expected}, found {item.Kind}");
                continue;
            }

            var value = context.Resolve(text);
            if (value is { Text.Length: > 0, IsWhole: true })
            {
                values.Add(value);
            }
            else if (value.IsWhole)
            {
                context.Add(item.Place, $"{key}: expected {expected}, found an empty text");
            }
        }

        return values;
    }

    public T? Value<T>(string key, string expected, Func<string, T?> parse)
        where T : struct
    {
        if (Text(key, expected) is not { } value)
        {
            return null;
        }

        var parsed = parse(value.Text);
        if (parsed is null)
        {
            context.Add(value.Place, $"{key}: expected {expected}, found '{value.Text}'");
        }

        return parsed;
    }

    public bool? Flag(string key) => Value<bool>(key, "true or false", text => text.ToLowerInvariant() switch
    {
        "true" or "yes" or "on" => true,
        "false" or "no" or "off" => false,
        _ => null,
    });

    public int? Number(string key, int least, int most) => Value<int>(
        key,
        string.Create(CultureInfo.InvariantCulture, $"a number from {least} to {most}"),
        text => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number : null);

    public double? Decimal(string key) => Value<double>(
        key, "a number", text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null);

    /// <param name="key">The setting.</param>
    /// <param name="bare">True where a number without a unit counts seconds.</param>
    public TimeSpan? Duration(string key, TimeSpan least, TimeSpan most, bool bare = false) => Value<TimeSpan>(
        key,
        $"a duration from {DurationText.Format(least)} to {DurationText.Format(most)}, like 200ms, 30s or 1h30m",
        text => (Durations.TryParse(text, out var nanoseconds) || (bare && Durations.TryParse(text + "s", out nanoseconds)))
            && TimeSpan.FromTicks(nanoseconds / (Timestamps.Second / TimeSpan.TicksPerSecond)) is var time && time >= least && time <= most ? time : null);

    public long? Size(string key, long least, long most) => Value<long>(
        key,
        $"a size from {Sizes.Format(least)} to {Sizes.Format(most)}, like 64KiB or 1GB",
        text => Sizes.TryParse(text, out var bytes) && bytes >= least && bytes <= most ? bytes : null);

    /// <summary>One of some words; null where it is not set, or another.</summary>
    public string? Choice(string key, params IReadOnlyList<string> words)
    {
        if (Text(key, string.Join(" or ", words)) is not { } value)
        {
            return null;
        }

        if (words.FirstOrDefault(word => word.Equals(value.Text, StringComparison.OrdinalIgnoreCase)) is { } known)
        {
            return known;
        }

        context.Add(value.Place, $"{key}: '{value.Text}' is none of {string.Join(", ", words)}{Suggestion.Nearest(value.Text, words)}");
        return null;
    }

    /// <summary>A secret: set as <c>key</c>, or read from the file that <c>key_file</c> names.</summary>
    public Secret? Secret(string key)
    {
        var secret = ReadSecret(key);
        if (secret is not null)
        {
            context.Secrets.Add(secret.Value);
        }

        return secret;
    }

    Secret? ReadSecret(string key)
    {
        var value = Text(key);
        if (Text($"{key}_file", "the path of a file") is not { } file)
        {
            return value is { } text ? new Secret(text.Text) : null;
        }

        if (value is not null)
        {
            context.Add(PlaceOf($"{key}_file"), $"both {key} and {key}_file are set; one will do");
            return null;
        }

        try
        {
            var secret = context.Environment.ReadText(context.PathOf(file.Text)).TrimEnd('\r', '\n');
            if (secret.Length > 0)
            {
                return new Secret(secret);
            }

            context.Add(file.Place, $"{key}_file: {file.Text} is empty");
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            context.Add(file.Place, $"{key}_file: {wrong.Message}");
        }

        return null;
    }

    /// <summary>A mapping within; null where nothing is set, or something else.</summary>
    public MapReader? Map(string key) => Find(key) is { } entry ? AsMap(key, entry.Value) : null;

    /// <summary>A list of mappings; empty where nothing is set.</summary>
    public IEnumerable<MapReader> Maps(string key)
    {
        if (Find(key) is not { } entry)
        {
            return [];
        }

        if (entry.Value is ListNode list)
        {
            return list.Items.Select(item => AsMap(key, item)).OfType<MapReader>();
        }

        context.Add(entry.Value.Place, $"{key}: expected a list of mappings, each beginning with '- ', found {entry.Value.Kind}");
        return [];
    }

    /// <summary>Names with a text each, in their order.</summary>
    public IReadOnlyList<KeyValuePair<MapEntry, TextValue>> Pairs(string key)
    {
        var pairs = new List<KeyValuePair<MapEntry, TextValue>>();
        if (Find(key) is not { } found)
        {
            return pairs;
        }

        if (found.Value is not MapNode inner)
        {
            context.Add(found.Value.Place, $"{key}: expected names with values, found {found.Value.Kind}");
            return pairs;
        }

        foreach (var entry in inner.Entries)
        {
            if (entry.Value is TextNode text)
            {
                pairs.Add(new(entry, context.Resolve(text)));
            }
            else
            {
                context.Add(entry.Value.Place, $"{key}.{entry.Key}: expected a text, found {entry.Value.Kind}");
            }
        }

        return pairs;
    }

    /// <summary>A setting as it was written; null where it is not set.</summary>
    public SettingNode? Raw(string key) => Find(key)?.Value;

    /// <summary>All settings, for who keeps them as they are.</summary>
    public IReadOnlyList<MapEntry> Entries => map.Entries;

    /// <summary>Tells that a setting is missing, unless it is there.</summary>
    public void Require(string key, string what)
    {
        if (!Has(key))
        {
            context.Add(map.Place, $"{key} is missing: {what}");
        }
    }

    /// <summary>Tells of the settings that nobody asked for.</summary>
    public void End()
    {
        foreach (var entry in map.Entries)
        {
            if (entry.Key == MergeKey)
            {
                context.Add(entry.Place, "'<<' is not taken; what several sources share stands under defaults, and an alias stands for a whole value");
            }
            else if (!_known.Contains(entry.Key))
            {
                context.Add(entry.Place, $"unknown setting '{entry.Key}'{Near(entry.Key) ?? $"; known here are {string.Join(", ", _known)}"}");
            }
        }
    }

    /// <summary>A misspelt name, or one that is a part of another: dedupe, rate_limit.</summary>
    string? Near(string key) => Suggestion.Nearest(key, _known) is { Length: > 0 } nearest ? nearest
        : _known.FirstOrDefault(known => IsPart(known, key) || IsPart(key, known) || (key.Length > CommonPart && known.StartsWith(key[..CommonPart], StringComparison.OrdinalIgnoreCase))) is { } part
            ? $"; did you mean '{part}'?"
            : null;

    static bool IsPart(string part, string whole) => part.Length >= LeastPart && whole.Contains(part, StringComparison.OrdinalIgnoreCase);

    MapEntry? Find(string key)
    {
        _known.Add(key);
        return map.Find(key) is { Value: not TextNode { IsNothing: true } } entry ? entry : null;
    }

    MapReader? AsMap(string key, SettingNode node)
    {
        if (node is MapNode inner)
        {
            return new(context, inner);
        }

        var hint = node is TextNode { IsPlain: true, Value: var text } && text.IndexOf(':', StringComparison.Ordinal) > 0 ? "; a space belongs behind the colon" : "";
        context.Add(node.Place, $"{key}: expected settings as 'name: value', found {node.Kind}{hint}");
        return null;
    }
}
