using System.Globalization;
using Puppylog.Query.Pipes;

namespace Puppylog.App.Api.Select;

/// <summary><c>facets</c>: the most frequent values of each field.</summary>
static class FacetsAnswer
{
    public static async Task SendAsync(SelectCall call)
    {
        var arguments = call.Arguments;
        var query = arguments.Flag("ignore_pipes") ? call.Query() with { Pipes = [] } : call.Query();
        var facets = new FacetsPipe(
            arguments.Count("limit") ?? FacetsPipe.DefaultLimit,
            arguments.Count("max_values_per_field") ?? FacetsPipe.DefaultMaxValues,
            arguments.Count("max_value_len") ?? FacetsPipe.DefaultMaxLength,
            arguments.Flag("keep_const_fields"));
        var table = new ResultTable(call.Limits.MaxRows);
        await call.State.Store.QueryAsync(query with { Pipes = query.Pipes.Add(facets) }, table, call.Cancellation);
        call.Head();
        var fields = table.Rows.GroupBy(row => row[0], row => new FacetValue(row[1], long.Parse(row[2], CultureInfo.InvariantCulture)), StringComparer.Ordinal);
        await Answers.SendAsync(call.Context, 200, new FacetsReply([.. fields.Select(field => new Facet(field.Key, [.. field]))]), ApiJson.Default.FacetsReply);
    }
}
