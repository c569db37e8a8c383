using System.Globalization;
using System.Text;
using Puppylog.Processing;
using Puppylog.Processing.Options;

namespace Puppylog.Tests.Processing;

/// <summary>What a chain means: record by record, with nothing but dictionaries.</summary>
sealed class NaiveChain(List<ProcessorOptions> options)
{
    readonly List<Dictionary<string, (long Time, int Dropped)>> _seen = [.. options.Select(_ => new Dictionary<string, (long, int)>())];

    public List<Row> Apply(List<Row> rows, bool isDerived)
    {
        var records = rows.Select(row => new Row(row) { ["_raw"] = row.ToString(), ["_msg"] = row.GetValueOrDefault("_msg", row.ToString()) }).ToList();
        foreach (var record in records.Where(record => isDerived && record.ContainsKey("route")))
        {
            var path = record["route"].Split('?')[0];
            record["path"] = path;
            record["section"] = path.Length > 1 && path.IndexOf('/', 1) is > 0 and var second ? path[..second] : path;
        }

        for (var i = 0; i < options.Count; i++)
        {
            records = [.. records.Where(record => Step(i, record))];
        }

        return records;
    }

    /// <summary>False where the record is dropped.</summary>
    bool Step(int step, Row record)
    {
        var each = options[step];
        if (each.Where is { } where && !Matches(where, record))
        {
            return true;
        }

        switch (each)
        {
            case AddOptions add when add.Overwrite || !record.ContainsKey(add.Name):
                record[add.Name] = add.Value;
                return true;
            case RenameOptions rename when record.Remove(rename.From, out var value):
                record[rename.To] = value;
                return true;
            case RemoveOptions remove:
                remove.Names.ToList().ForEach(name => record.Remove(name));
                return true;
            case FilterOptions filter:
                return Matches(filter.Query, record) == filter.Keeps;
            case SampleOptions sample:
                return Text(record, sample.By!) == "" || StableHash.Of(Encoding.UTF8.GetBytes(Text(record, sample.By!))) < sample.Ratio * Math.Pow(2, 64);
            case DeduplicateOptions deduplicate:
                return IsFirst(_seen[step], deduplicate, record);
            case CapOptions cap:
                record.Keys.Where(name => name is not ("_raw" or "_time")).ToList().ForEach(name => record[name] = Cut(record[name], cap.MaxLength));
                return true;
            default:
                return true;
        }
    }

    static bool IsFirst(Dictionary<string, (long Time, int Dropped)> seen, DeduplicateOptions options, Row record)
    {
        var key = string.Join('\u0001', options.Fields.Select(field => Text(record, field)));
        var time = long.Parse(record["_time"], CultureInfo.InvariantCulture);
        if (!seen.TryGetValue(key, out var last))
        {
            seen[key] = (time, 0);
            return true;
        }

        if (Math.Abs(time - last.Time) <= options.Window.TotalSeconds)
        {
            seen[key] = (last.Time, last.Dropped + 1);
            return false;
        }

        if (last.Dropped > 0)
        {
            record["repeated"] = $"{last.Dropped}";
        }

        seen[key] = (Math.Max(time, last.Time), 0);
        return true;
    }

    /// <summary>Of <c>name:="value"</c>.</summary>
    static bool Matches(string query, Row record)
    {
        var parts = query.Split(":=", 2);
        return Text(record, parts[0]) == parts[1].Trim('"');
    }

    static string Cut(string value, int most)
    {
        if (Encoding.UTF8.GetByteCount(value) <= most)
        {
            return value;
        }

        while (Encoding.UTF8.GetByteCount(value) > most - 3)
        {
            value = value[..^1];
        }

        return value + "…";
    }

    static string Text(Row record, string name) => record.GetValueOrDefault(name, "");
}
