using System.Collections.Immutable;
using Puppylog.Configuration.Yaml;
using Puppylog.Processing.Options;
using Puppylog.Records;

namespace Puppylog.Configuration.Reading;

/// <summary>Reads <c>processing</c>: a list of processors, each named by the one setting that it must have.</summary>
static class ProcessingReader
{
    static readonly ImmutableArray<string> Kinds = ["add", "rename", "remove", "keep", "drop", "sample", "deduplicate", "redact", "limit", "cap"];

    public static ImmutableArray<ProcessorOptions> Read(MapReader parent)
    {
        var processors = ImmutableArray.CreateBuilder<ProcessorOptions>();
        foreach (var map in parent.Maps("processing"))
        {
            var kinds = Kinds.Where(map.Has).OrderBy(kind => map.PlaceOf(kind).Line).ThenBy(kind => map.PlaceOf(kind).Column).ToList();
            if (kinds.Count == 1)
            {
                foreach (var options in ReadOne(map, kinds[0]))
                {
                    Check(map, kinds[0], options);
                    processors.Add(options);
                }
            }
            else if (kinds.Count > 1)
            {
                map.Context.Add(map.PlaceOf(kinds[1]), $"{kinds[1]}: there is {kinds[0]} already; begin another one with '- '");
            }
            else if (map.Entries.Count == 0)
            {
                map.Context.Add(map.Place, $"processing: expected one of {string.Join(", ", Kinds)}");
            }
            else if (map.Entries.FirstOrDefault(entry => Kinds.Contains(entry.Key)) is { } unset)
            {
                map.Context.Add(unset.Place, $"{unset.Key}: nothing is set");
            }

            map.End();
        }

        return processors.ToImmutable();
    }

    static IEnumerable<ProcessorOptions> ReadOne(MapReader map, string kind)
    {
        string? where = null;
        if (kind != "redact" && map.Has("where") && (where = map.Filter("where")) is null)
        {
            return [];
        }

        return (kind switch
        {
            "add" => ReadAdd(map),
            "rename" => map.Pairs(kind).Select(pair => new RenameOptions(pair.Key.Key, pair.Value.Text)),
            "remove" => [new RemoveOptions([.. map.Texts(kind, "a field or a list of fields").Select(field => field.Text)])],
            "keep" or "drop" => map.Filter(kind) is { } query ? [new FilterOptions(query, kind == "keep")] : [],
            "sample" => ReadSample(map),
            "deduplicate" => ReadDeduplicate(map),
            "redact" => ReadRedact(map),
            "limit" => ReadLimit(map),
            _ => ReadCap(map),
        }).Select(options => options with { Where = where }).ToList();
    }

    static IEnumerable<ProcessorOptions> ReadAdd(MapReader map)
    {
        var overwrite = map.Flag("overwrite") ?? false;
        return map.Pairs("add").Select(pair => new AddOptions(pair.Key.Key, pair.Value.Text) { Overwrite = overwrite }).ToList();
    }

    static IEnumerable<ProcessorOptions> ReadSample(MapReader map)
    {
        if (map.Raw("sample") is not MapNode)
        {
            return map.Decimal("sample") is { } ratio ? [new SampleOptions(ratio)] : [];
        }

        var inner = map.Map("sample")!;
        inner.Require("ratio", "the share that is kept, like 0.1");
        var sample = new SampleOptions(inner.Decimal("ratio") ?? 0.5) { By = inner.Text("by", "a field")?.Text };
        inner.End();
        return [sample];
    }

    static IEnumerable<ProcessorOptions> ReadDeduplicate(MapReader map)
    {
        if (map.Map("deduplicate") is not { } inner)
        {
            return [];
        }

        var options = new DeduplicateOptions();
        options = options with
        {
            Fields = inner.Texts("fields", "a field or a list of fields") is [_, ..] fields ? [.. fields.Select(field => field.Text)] : options.Fields,
            Window = inner.Duration("window", TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(1)) ?? options.Window,
            Most = inner.Number("most", 1, 10_000_000) ?? options.Most,
        };
        inner.End();
        return [options];
    }

    static IEnumerable<ProcessorOptions> ReadLimit(MapReader map)
    {
        if (map.Raw("limit") is not MapNode)
        {
            return map.Decimal("limit") is { } rate ? [new RateLimitOptions(rate)] : [];
        }

        var inner = map.Map("limit")!;
        inner.Require("rate", "the records that are kept a second");
        var limit = new RateLimitOptions(inner.Decimal("rate") ?? 1) { Burst = inner.Decimal("burst") ?? 0, By = inner.Text("by", "a field")?.Text ?? FieldNames.Stream };
        inner.End();
        return [limit];
    }

    static IEnumerable<ProcessorOptions> ReadCap(MapReader map)
    {
        if (map.Map("cap") is not { } inner)
        {
            return [];
        }

        var cap = new CapOptions { MaxFields = inner.Number("max_fields", 1, int.MaxValue) ?? 0, MaxLength = (int)(inner.Size("max_length", 16, int.MaxValue) ?? 0) };
        inner.End();
        // One that is wrong was told already.
        return cap is { MaxFields: 0, MaxLength: 0 } && (inner.Has("max_fields") || inner.Has("max_length")) ? [] : [cap];
    }

    static IEnumerable<ProcessorOptions> ReadRedact(MapReader map)
    {
        if (map.Raw("redact") is not MapNode)
        {
            return [new RedactOptions { Detectors = [.. map.Texts("redact", $"one or a list of {string.Join(", ", RedactOptions.Known)}").Select(name => name.Text)] }];
        }

        var inner = map.Map("redact")!;
        var options = new RedactOptions();
        options = options with
        {
            Detectors = [.. inner.Texts("detectors").Select(name => name.Text)],
            Patterns = [.. inner.Texts("patterns", "a regular expression or a list of them").Select(pattern => pattern.Text)],
            Mask = inner.Text("mask")?.Text ?? options.Mask,
            Key = inner.Secret("key") is { } key ? RedactionKey.FromText(key.Value) : null,
        };
        inner.End();
        return [options];
    }

    static void Check(MapReader map, string kind, ProcessorOptions options)
    {
        foreach (var problem in options.Check())
        {
            var inner = map.Raw(kind) as MapNode;
            var value = inner?.Find(problem.Option)?.Value ?? map.Raw(problem.Option) ?? map.Raw(kind)!;
            // In a list, the item that is spoken of.
            var place = ((value as ListNode)?.Items.OfType<TextNode>().FirstOrDefault(item => problem.Message.Contains($"'{item.Value}'", StringComparison.Ordinal)) ?? value).Place;
            map.Context.Add(place, problem.Option == kind ? $"{kind}: {problem.Message}" : $"{kind}: {problem}");
        }
    }
}
