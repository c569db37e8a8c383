using System.Collections.Immutable;
using System.Globalization;
using Puppylog.Query;
using Puppylog.Query.Pipes;
using Puppylog.Query.Syntax;
using Puppylog.Records;

namespace Puppylog.App.Api.Select;

/// <summary>
/// <c>stats_query</c> and <c>stats_query_range</c>: what a query with <c>stats</c> gives, in the form of Prometheus' instant
/// and range queries (https://prometheus.io/docs/prometheus/latest/querying/api/).
/// </summary>
static class StatsAnswer
{
    const string NameLabel = "__name__";

    public static async Task SendInstantAsync(SelectCall call)
    {
        var time = call.Arguments.Time("time", call.Now) ?? call.Now;
        var query = call.Query(time);
        var stats = Stats(query);
        var table = await RunAsync(call, query);
        var labels = Labels(table, stats, null);
        List<VectorSample> samples =
        [
            .. from row in table.Rows
               from metric in Metrics(table, labels, null)
               where row[metric].Length > 0
               select new VectorSample(Labelled(table, row, labels, metric), new(time, row[metric])),
        ];
        await Answers.SendAsync(call.Context, 200, new VectorReply(new(samples)), ApiJson.Default.VectorReply);
    }

    public static async Task SendRangeAsync(SelectCall call)
    {
        var query = call.Query();
        var stats = Stats(query);
        var step = HitsAnswer.Step(call.Arguments);
        if (stats.By.Any(field => field.Name == FieldNames.Time))
        {
            throw new RequestException("the query groups by _time itself: leave it out, the argument 'step' says the steps");
        }

        var stepped = new StatsPipe([step, .. stats.By], stats.Columns);
        var table = await RunAsync(call, query with { Pipes = query.Pipes.Replace(stats, stepped) });
        var time = table.IndexOf(FieldNames.Time);
        var labels = Labels(table, stats, FieldNames.Time);
        var series = new Dictionary<string, MatrixSeries>(StringComparer.Ordinal);
        foreach (var row in table.Rows)
        {
            if (time < 0 || !Timestamps.TryParseIso(System.Text.Encoding.ASCII.GetBytes(row[time]), out var moment, out _))
            {
                throw new RequestException("a pipe behind 'stats' takes _time away, which the steps need");
            }

            foreach (var metric in Metrics(table, labels, FieldNames.Time).Where(metric => row[metric].Length > 0))
            {
                var key = string.Join('\0', labels.Select(label => row[label]).Append(table.Fields[metric]));
                if (!series.TryGetValue(key, out var one))
                {
                    series.Add(key, one = new(Labelled(table, row, labels, metric), []));
                }

                one.Values.Add(new(moment, row[metric]));
            }
        }

        foreach (var one in series.Values)
        {
            one.Values.Sort((a, b) => a.Time.CompareTo(b.Time));
        }

        await Answers.SendAsync(call.Context, 200, new MatrixReply(new([.. series.Values])), ApiJson.Default.MatrixReply);
    }

    static async Task<ResultTable> RunAsync(SelectCall call, LogQuery query)
    {
        var table = new ResultTable(call.Limits.MaxRows);
        await call.State.Store.QueryAsync(query, table, call.Cancellation);
        call.Head();
        return table;
    }

    static StatsPipe Stats(LogQuery query) =>
        query.Pipes.OfType<StatsPipe>().LastOrDefault() ?? throw new RequestException("the query needs a stats pipe, such as '| stats by (status) count() hits'");

    /// <summary>The places of what the result is grouped by, as far as the pipes behind left it.</summary>
    static int[] Labels(ResultTable table, StatsPipe stats, string? time) =>
        [.. stats.By.Select(field => field.Name).Where(name => name != time).Select(table.IndexOf).Where(place => place >= 0)];

    static IEnumerable<int> Metrics(ResultTable table, int[] labels, string? time) =>
        Enumerable.Range(0, table.Fields.Count).Where(place => !labels.Contains(place) && table.Fields[place] != time);

    static Dictionary<string, string> Labelled(ResultTable table, string[] row, int[] labels, int metric)
    {
        var labelled = new Dictionary<string, string>(StringComparer.Ordinal) { [NameLabel] = table.Fields[metric] };
        foreach (var label in labels.Where(label => row[label].Length > 0))
        {
            labelled[table.Fields[label]] = row[label];
        }

        return labelled;
    }
}
