using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Puppylog.Records;

namespace Puppylog.Metrics;

/// <summary>A statistic over matching records per period.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Filter">Which records, in LogsQL.</param>
/// <param name="Statistic">Of what they give.</param>
/// <param name="Property">The field that it is computed from; null where records are counted.</param>
/// <param name="Period">Seconds; periods begin at multiples of it since 1970, UTC.</param>
/// <param name="Refresh">Seconds between two looks of who shows it.</param>
/// <param name="Segments">Fields by whose values it is taken apart; empty for the whole.</param>
sealed record MetricDefinition(string Id, string Filter, MetricStatistic Statistic, string? Property, int Period, int Refresh, ImmutableArray<string> Segments)
{
    /// <summary>What <see cref="Top"/> is unless it is said.</summary>
    public const int MaxSegments = 1000;

    /// <summary>The name under which the records of further segments are counted.</summary>
    public const string Other = "other";

    /// <summary>Seconds for which a period is provisional after its end.</summary>
    public int Lateness { get; init; } = MetricRequest.DefaultLateness;

    /// <summary>Segments of a period that are shown: those of the most records; the records of the others are shown together.</summary>
    public int Top { get; init; } = MaxSegments;

    /// <summary>True where a configuration file names it.</summary>
    public bool IsConfigured { get; init; }

    /// <summary>Segments of a period that are counted each by itself, the first that come; the records of further ones are counted together.</summary>
    public int KeptSegments => Math.Max(MaxSegments, 4 * Top);

    /// <summary>In nanoseconds.</summary>
    public long PeriodLength => Period * Timestamps.Second;

    /// <summary>Neighbouring periods that are kept together.</summary>
    public int ChunkPeriods => Segments.IsEmpty ? 64 : 8;

    /// <summary>As the catalogue keeps it.</summary>
    public string ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("filter", Filter);
            json.WriteString("statistic", Statistic.Name);
            json.WriteString("property", Property);
            json.WriteNumber("period", Period);
            json.WriteNumber("refresh", Refresh);
            json.WriteNumber("lateness", Lateness);
            json.WriteNumber("top", Top);
            json.WriteBoolean("configured", IsConfigured);
            json.WriteStartArray("segments");
            foreach (var segment in Segments)
            {
                json.WriteStringValue(segment);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>True where what is counted is the same, whatever is said of how it is shown.</summary>
    public bool CountsAs(MetricDefinition other) =>
        ToJson() == (other with { Refresh = Refresh, Lateness = Lateness, IsConfigured = IsConfigured }).ToJson();

    /// <exception cref="CorruptDataException">It is no definition.</exception>
    public static MetricDefinition Parse(string id, string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            var root = json.RootElement;
            return new(
                id,
                root.GetProperty("filter").GetString()!,
                MetricStatistic.Find(root.GetProperty("statistic").GetString()!) ?? throw new FormatException("an unknown statistic"),
                root.GetProperty("property").GetString(),
                Math.Max(1, root.GetProperty("period").GetInt32()),
                root.GetProperty("refresh").GetInt32(),
                [.. root.GetProperty("segments").EnumerateArray().Select(segment => segment.GetString()!)])
            {
                Lateness = root.TryGetProperty("lateness", out var lateness) ? lateness.GetInt32() : MetricRequest.DefaultLateness,
                Top = root.TryGetProperty("top", out var top) ? Math.Max(1, top.GetInt32()) : MaxSegments,
                IsConfigured = root.TryGetProperty("configured", out var configured) && configured.GetBoolean(),
            };
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new CorruptDataException($"the catalogue's definition of the metric '{id}' is none: {e.Message}");
        }
    }
}
