using System.Globalization;
using System.Text;
using Puppylog.App.Cli.Search;
using Puppylog.Query;
using Puppylog.Query.Filters.Logic;
using Puppylog.Query.Filters.Streams;
using Puppylog.Query.Filters.Text;
using Puppylog.Query.Pipes;
using Puppylog.Records;

namespace Puppylog.App.Api.Select;

/// <summary>Which names and values there are, of fields and of streams, each with its hits.</summary>
static class ValuesAnswer
{
    public static async Task SendFieldNamesAsync(SelectCall call)
    {
        var names = await ReadAsync(call, Query(call), new FieldNamesPipe());
        await SendAsync(call, Matching(call, names.Where(name => !FieldNames.IsHidden(name.Value))));
    }

    public static async Task SendFieldValuesAsync(SelectCall call)
    {
        var field = Field(call);
        var query = Query(call);
        if (call.Arguments.Text("filter") is { } part)
        {
            query = query.Pipes.IsEmpty
                ? query with { Filter = new AndFilter([query.Filter, new SubstringFilter(field, part)]) }
                : query with { Pipes = query.Pipes.Add(new FilterPipe(new SubstringFilter(field, part))) };
        }

        await SendAsync(call, await ReadAsync(call, query, new FieldValuesPipe(field, call.Arguments.Count("limit"))));
    }

    public static async Task SendStreamsAsync(SelectCall call) => await SendAsync(call, await StreamsAsync(call));

    public static async Task SendStreamIdsAsync(SelectCall call) =>
        await SendAsync(call, (await StreamsAsync(call)).Select(stream => stream with { Value = JsonResultWriter.StreamIdOf(Encoding.UTF8.GetBytes(stream.Value)) }));

    public static async Task SendStreamFieldNamesAsync(SelectCall call) =>
        await SendAsync(call, Matching(call, Summed(await AllStreamsAsync(call), label => label.Key)).OrderBy(name => name.Value, StringComparer.Ordinal));

    public static async Task SendStreamFieldValuesAsync(SelectCall call)
    {
        var field = Field(call);
        var values = Matching(call, Summed(await AllStreamsAsync(call), label => label.Key == field ? label.Value : null))
            .OrderByDescending(value => value.Hits).ThenBy(value => value.Value, StringComparer.Ordinal);
        await SendAsync(call, call.Arguments.Count("limit") is { } limit ? values.Take((int)Math.Min(limit, int.MaxValue)) : values);
    }

    static Task<IReadOnlyList<ValueHits>> StreamsAsync(SelectCall call) => ReadAsync(call, Query(call), new FieldValuesPipe(FieldNames.Stream, call.Arguments.Count("limit")));

    static Task<IReadOnlyList<ValueHits>> AllStreamsAsync(SelectCall call) => ReadAsync(call, Query(call), new FieldValuesPipe(FieldNames.Stream, null));

    /// <summary>The hits of the streams added up by something of their labels.</summary>
    static IEnumerable<ValueHits> Summed(IEnumerable<ValueHits> streams, Func<KeyValuePair<string, string>, string?> choose) =>
        streams.SelectMany(stream => StreamLabels.All(Encoding.UTF8.GetBytes(stream.Value)).Select(label => (Chosen: choose(label), stream.Hits)))
            .Where(one => one.Chosen is not null)
            .GroupBy(one => one.Chosen!, one => one.Hits, StringComparer.Ordinal)
            .Select(group => new ValueHits(group.Key, group.Sum()));

    static IEnumerable<ValueHits> Matching(SelectCall call, IEnumerable<ValueHits> values) =>
        call.Arguments.Text("filter") is { } part ? values.Where(value => value.Value.Contains(part, StringComparison.Ordinal)) : values;

    static string Field(SelectCall call) => call.Arguments.Text("field") ?? throw new RequestException("the argument 'field' is missing");

    static LogQuery Query(SelectCall call) => call.Arguments.Flag("ignore_pipes") ? call.Query() with { Pipes = [] } : call.Query();

    static async Task<IReadOnlyList<ValueHits>> ReadAsync(SelectCall call, LogQuery query, Pipe last)
    {
        var table = new ResultTable(call.Limits.MaxRows);
        await call.State.Store.QueryAsync(query with { Pipes = query.Pipes.Add(last) }, table, call.Cancellation);
        return [.. table.Rows.Select(row => new ValueHits(row[0], long.Parse(row[1], CultureInfo.InvariantCulture)))];
    }

    static Task SendAsync(SelectCall call, IEnumerable<ValueHits> values)
    {
        call.Head();
        return Answers.SendAsync(call.Context, 200, new ValuesReply([.. values]), ApiJson.Default.ValuesReply);
    }
}
