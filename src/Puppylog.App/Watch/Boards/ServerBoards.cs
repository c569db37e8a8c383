using System.Globalization;
using Puppylog.App.Api;
using Puppylog.App.Tui.Tail;
using Puppylog.Records;

namespace Puppylog.App.Watch.Boards;

/// <summary>What a server tells of its store.</summary>
sealed class ServerBoards(DashboardLink link) : IBoards
{
    public Task<StreamBoard> ReadStreamsAsync(CancellationToken cancellationToken) => link.ReadAsync("streams", ApiJson.Default.StreamBoard, cancellationToken);

    public Task<MetricBoard> ReadMetricsAsync(string? id, int periods, CancellationToken cancellationToken) =>
        link.ReadAsync(string.Create(CultureInfo.InvariantCulture, $"metrics?periods={periods}&id={Uri.EscapeDataString(id ?? "")}"), ApiJson.Default.MetricBoard, cancellationToken);

    public Task<AlertBoard> ReadAlertsAsync(string? id, CancellationToken cancellationToken) =>
        link.ReadAsync($"alerts?id={Uri.EscapeDataString(id ?? "")}", ApiJson.Default.AlertBoard, cancellationToken);

    public async Task<(IReadOnlyList<TailRecord> Records, long Covered)?> SearchAsync(TailFilter filter, int limit, CancellationToken cancellationToken)
    {
        using var response = await link.OpenAsync(string.Create(CultureInfo.InvariantCulture, $"records?limit={limit}&filter={Uri.EscapeDataString(filter.Text)}"), cancellationToken);
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        var lines = new RecordLines();
        try
        {
            foreach (var range in body.AsSpan().Split((byte)'\n'))
            {
                if (!body.AsSpan(range).IsEmpty)
                {
                    lines.Add(body.AsSpan(range));
                }
            }
        }
        catch (FormatException e)
        {
            throw new IOException($"the server's answer is not understood: {e.Message}", e);
        }

        var found = new TailRecords();
        found.Write(new BatchView(lines.Batch), [.. Enumerable.Range(0, lines.Batch.Count)]);
        var covered = response.Headers.TryGetValues(DashboardEndpoints.CommitHeader, out var values) && long.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        return (found.Records, covered);
    }

    /// <summary>Groups are the server's: a filter that names one is understood there, and not here.</summary>
    public string? FindGroup(string name) => null;

    public ValueTask DisposeAsync()
    {
        link.Dispose();
        return ValueTask.CompletedTask;
    }
}
