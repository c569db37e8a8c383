using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Puppylog.Configuration.Yaml;

/// <summary>
/// Reads YAML to nodes with places. Bounded: neither deep nesting nor aliases of aliases cost more than the file is long.
/// </summary>
/// <remarks>From the parser's events, as the library's own nodes recurse without a bound.</remarks>
sealed class YamlReader
{
    /// <summary>Characters of a file that are read.</summary>
    public const int MaxLength = 4 << 20;

    const int MaxDepth = 50;

    readonly Parser _parser;
    readonly Action<Place, string> _mistake;
    readonly Dictionary<string, SettingNode?> _anchors = new(StringComparer.Ordinal);

    YamlReader(string text, Action<Place, string> mistake)
    {
        _parser = new Parser(new StringReader(text));
        _mistake = mistake;
    }

    /// <summary>The document; null where it is empty, or no YAML, which is told.</summary>
    /// <param name="text">The file.</param>
    /// <param name="mistake">Takes what is wrong, and where.</param>
    public static SettingNode? Read(string text, Action<Place, string> mistake)
    {
        if (text.Length > MaxLength)
        {
            mistake(new(1, 1), $"the file is longer than {MaxLength >> 20} MiB");
            return null;
        }

        var reader = new YamlReader(text, mistake);
        try
        {
            return reader.ReadDocument();
        }
        catch (YamlException wrong)
        {
            var (place, message) = YamlMistake.Describe(wrong, text);
            mistake(place, message);
        }
        catch (Exception wrong) when (wrong is InvalidOperationException or ArgumentException or FormatException or OverflowException or IndexOutOfRangeException)
        {
            // What the library does on some broken input instead of telling it.
            mistake(reader._parser.Current is { } last ? At(last.Start) : new(1, 1), "no YAML: behind this nothing is understood; a bracket, a brace or a quote may not be closed");
        }

        return null;
    }

    SettingNode? ReadDocument()
    {
        SettingNode? document = null;
        while (_parser.MoveNext())
        {
            switch (_parser.Current)
            {
                case null or StreamStart or StreamEnd or DocumentStart or DocumentEnd or Comment:
                    break;
                case { } first when document is not null:
                    _mistake(At(first.Start), "a second document; a configuration is one");
                    return document;
                default:
                    document = ReadNode(0);
                    break;
            }
        }

        return document;
    }

    /// <summary>Reads the node that the parser stands at; it then stands at its last event.</summary>
    SettingNode ReadNode(int depth)
    {
        var current = _parser.Current!;
        var place = At(current.Start);
        if (depth > MaxDepth)
        {
            throw new YamlException(current.Start, current.End, $"nested deeper than {MaxDepth}");
        }

        var anchor = current is NodeEvent { Anchor: { IsEmpty: false } name } ? name.Value : null;
        if (anchor is not null)
        {
            _anchors[anchor] = null;
        }

        SettingNode node;
        switch (current)
        {
            case Scalar scalar:
                node = new TextNode(place, scalar.Value, Lead(scalar), scalar.Style == ScalarStyle.Plain);
                break;
            case SequenceStart:
                node = ReadList(place, depth);
                break;
            case MappingStart:
                node = ReadMap(place, depth);
                break;
            case AnchorAlias alias:
                node = _anchors.GetValueOrDefault(alias.Value.Value)
                    ?? throw new YamlException(alias.Start, alias.End, $"'*{alias.Value.Value}' stands for nothing before it; a value that begins with '*' stands in quotes");
                break;
            default:
                throw new YamlException(current.Start, current.End, $"unexpected {current.GetType().Name}");
        }

        if (anchor is not null)
        {
            _anchors[anchor] = node;
        }

        return node;
    }

    ListNode ReadList(Place place, int depth)
    {
        var items = new List<SettingNode>();
        while (Next() is not SequenceEnd)
        {
            items.Add(ReadNode(depth + 1));
        }

        return new(place, items);
    }

    MapNode ReadMap(Place place, int depth)
    {
        var entries = new List<MapEntry>();
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        while (Next() is { } current and not MappingEnd)
        {
            var at = At(current.Start);
            var key = ReadNode(depth + 1);
            Next();
            var value = ReadNode(depth + 1);
            if (key is not TextNode { Value: var name })
            {
                _mistake(at, $"{key.Kind} as a key; a key is a text");
            }
            else if (!lines.TryAdd(name, at.Line))
            {
                _mistake(at, $"'{name}' is set twice, first in line {lines[name]}");
            }
            else
            {
                entries.Add(new(name, at, value));
            }
        }

        return new(place, entries);
    }

    ParsingEvent Next()
    {
        do
        {
            if (!_parser.MoveNext())
            {
                throw new YamlException("the file ends too early");
            }
        }
        while (_parser.Current is Comment);
        return _parser.Current!;
    }

    /// <summary>Characters before the text on its line, where each of its characters stands as it is.</summary>
    static int? Lead(Scalar scalar)
    {
        if (scalar.Start.Line != scalar.End.Line || scalar.Style is ScalarStyle.Literal or ScalarStyle.Folded)
        {
            return null;
        }

        var lead = scalar.Style == ScalarStyle.Plain ? 0 : 1;
        // With an anchor, a tag or an escape before or within it, it is longer than its value.
        return scalar.End.Column - scalar.Start.Column == scalar.Value.Length + (2 * lead) ? lead : null;
    }

    static Place At(Mark mark) => new((int)Math.Clamp(mark.Line, 1, int.MaxValue), (int)Math.Clamp(mark.Column, 1, int.MaxValue));
}
