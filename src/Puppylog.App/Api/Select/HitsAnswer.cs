using System.Collections.Immutable;
using System.Globalization;
using Puppylog.Query;
using Puppylog.Query.Execution;
using Puppylog.Query.Pipes;
using Puppylog.Query.Pipes.Functions;
using Puppylog.Records;

namespace Puppylog.App.Api.Select;

/// <summary><c>hits</c>: how many records there are per step of time, and per value of the fields that are named.</summary>
static class HitsAnswer
{
    const string CountName = "hits of all";

    public static async Task SendAsync(SelectCall call)
    {
        var arguments = call.Arguments;
        ImmutableArray<string> fields = [.. arguments.Texts("field")];
        var query = WithoutTables(call.Query(), arguments.Flag("ignore_pipes"));
        var stats = new StatsPipe(
            [Step(arguments), .. fields.Select(field => new GroupField(field))],
            [new(new CountFunction(countsEmpty: false, []), null, CountName)]);
        var table = new ResultTable(call.Limits.MaxRows);
        await call.State.Store.QueryAsync(query with { Pipes = query.Pipes.Add(stats) }, table, call.Cancellation);
        call.Head();
        await Answers.SendAsync(call.Context, 200, new HitsReply(Groups(table, fields, arguments.Count("fields_limit"))), ApiJson.Default.HitsReply);
    }

    /// <summary>The bucket of time that <c>step</c> (a day where it is not given) and <c>offset</c> ask for.</summary>
    /// <exception cref="RequestException">They are none.</exception>
    public static GroupField Step(RequestArguments arguments)
    {
        var text = arguments.Text("step") ?? "1d";
        // A number alone is of seconds, as in Prometheus.
        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _))
        {
            text += "s";
        }

        var months = text switch { "month" => 1, "year" => 12, _ => 0 };
        var step = 0.0;
        if (months == 0 && (!Bucket.TryStep(text, out step) || step < 1))
        {
            throw new RequestException($"step takes a duration such as 10s, 1h or 1d; not '{text}'");
        }

        var offset = arguments.Duration("offset") ?? 0;
        return new(FieldNames.Time, new(text, step, months, offset == 0 ? "" : $"{offset}ns", offset));
    }

    /// <summary>The query, where its rows are still records with their time; without its pipes where that is asked.</summary>
    /// <exception cref="RequestException">A pipe makes something else of the records.</exception>
    static LogQuery WithoutTables(LogQuery query, bool ignorePipes)
    {
        if (ignorePipes)
        {
            return query with { Pipes = [] };
        }

        for (var i = 0; i < query.Pipes.Length; i++)
        {
            var pipe = query.Pipes[i];
            if (pipe is GatheringPipe and not SortPipe || !pipe.Needed(NeededFields.None.With(FieldNames.Time)).Names.Contains(FieldNames.Time))
            {
                throw new RequestException($"behind '{pipe}' there are no records with their times to count: leave it out, or pass ignore_pipes=1");
            }
        }

        return query;
    }

    static List<HitsGroup> Groups(ResultTable table, ImmutableArray<string> fields, long? most)
    {
        var time = table.IndexOf(FieldNames.Time);
        var count = table.IndexOf(CountName);
        var places = fields.Select(table.IndexOf).ToArray();
        var groups = new Dictionary<string, HitsGroup>(StringComparer.Ordinal);
        foreach (var row in table.Rows)
        {
            var values = places.Select(place => row[place]).ToArray();
            var key = string.Join('\0', values);
            if (!groups.TryGetValue(key, out var group))
            {
                groups.Add(key, group = new(new(fields.Zip(values).Select(pair => KeyValuePair.Create(pair.First, pair.Second)))));
            }

            group.Add(row[time], long.Parse(row[count], CultureInfo.InvariantCulture));
        }

        var ordered = groups.Values.OrderByDescending(group => group.Total).ToList();
        if (most is not { } limit || ordered.Count <= limit)
        {
            return ordered;
        }

        var rest = new HitsGroup([]);
        foreach (var (moment, hits) in ordered.Skip((int)limit).SelectMany(group => group.Timestamps.Zip(group.Values)).GroupBy(hit => hit.First).OrderBy(hits => hits.Key, StringComparer.Ordinal).Select(hits => (hits.Key, hits.Sum(hit => hit.Second))))
        {
            rest.Add(moment, hits);
        }

        return [.. ordered.Take((int)limit), rest];
    }
}
