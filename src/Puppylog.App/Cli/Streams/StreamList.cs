using System.Globalization;
using System.Text;
using Puppylog.Query;
using Puppylog.Records;
using Puppylog.Storage;
using Puppylog.Storage.Embedded;

namespace Puppylog.App.Cli.Streams;

/// <summary>Finds out about the streams of a store: from its records, its positions, and the files as they are now.</summary>
static class StreamList
{
    public static async Task<IReadOnlyList<StreamRow>> ReadAsync(ILogStore store, TimeProvider clock, CancellationToken cancellationToken)
    {
        var now = Timestamps.Now(clock);
        var all = await AskAsync(store, "* | stats by (_stream) count() records, max(_time) last", now, ["_stream", "records", "last"], cancellationToken);
        var recent = (await AskAsync(store, "_time:1m | stats by (_stream) count() records", now, ["_stream", "records"], cancellationToken))
            .ToDictionary(row => row[0], row => Number(row[1]), StringComparer.Ordinal);
        var progress = new StreamProgress(await store.ReadPositionsAsync(cancellationToken));
        return
        [
            .. all.Select(row =>
            {
                var (position, lag) = progress.Of(StreamLabels.Read(row[0]));
                return new StreamRow(null, row[0], Number(row[1]), recent.GetValueOrDefault(row[0]), Timestamps.TryParseIso(Encoding.UTF8.GetBytes(row[2]), out var last, out _) ? last : null, position, lag);
            }).OrderByDescending(stream => stream.Records),
        ];
    }

    /// <summary>The groups that a store keeps, each with what its streams come to.</summary>
    public static async Task<IReadOnlyList<StreamRow>> ReadGroupsAsync(ILogStore store, string directory, TimeProvider clock, CancellationToken cancellationToken)
    {
        var streams = await ReadAsync(store, clock, cancellationToken);
        var rows = new List<StreamRow>();
        foreach (var group in StoreGroups.List(directory))
        {
            var names = await MatchingAsync(store, group.Match, cancellationToken);
            rows.Add(StreamRow.Sum(group.Name, group.Match, streams.Where(stream => names.Contains(stream.Stream))));
        }

        return rows;
    }

    /// <summary>The streams that a selector finds.</summary>
    public static async Task<IReadOnlySet<string>> MatchingAsync(ILogStore store, string selector, CancellationToken cancellationToken) =>
        (await AskAsync(store, $"{selector} | stats by (_stream) count() records", 0, ["_stream"], cancellationToken)).Select(row => row[0]).ToHashSet(StringComparer.Ordinal);

    static long Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    static async Task<List<string[]>> AskAsync(ILogStore store, string query, long now, string[] columns, CancellationToken cancellationToken)
    {
        var rows = new StreamRows(columns);
        await store.QueryAsync(QueryParser.Parse(query, now), rows, cancellationToken);
        return rows.Rows;
    }
}
