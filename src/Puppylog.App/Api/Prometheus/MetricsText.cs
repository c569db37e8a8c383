using System.Globalization;
using System.Text;
using Puppylog.Diagnostics;

namespace Puppylog.App.Api.Prometheus;

/// <summary>Metrics in Prometheus' text format (https://prometheus.io/docs/instrumenting/exposition_formats/), version 0.0.4.</summary>
sealed class MetricsText
{
    public const string MediaType = "text/plain; version=0.0.4; charset=utf-8";

    readonly StringBuilder _text = new();

    public override string ToString() => _text.ToString();

    public void Gauge(string name, string help, double value) => Begin(name, help, "gauge").Sample(name, value);

    public void Gauge(string name, string help, double? value)
    {
        if (value is { } known)
        {
            Gauge(name, help, known);
        }
    }

    public void Counter(string name, string help, double value) => Begin(name, help, "counter").Sample(name, value);

    public void Gauges(string name, string help, IEnumerable<((string Name, string Value)[] Labels, double Value)> samples) => Many(name, help, "gauge", samples);

    public void Counters(string name, string help, IEnumerable<((string Name, string Value)[] Labels, double Value)> samples) => Many(name, help, "counter", samples);

    public void Histograms(string name, string help, IEnumerable<((string Name, string Value)[] Labels, DurationHistogram Histogram)> histograms)
    {
        Begin(name, help, "histogram");
        foreach (var (labels, histogram) in histograms)
        {
            var (upTo, count, seconds) = histogram.Read();
            for (var bucket = 0; bucket < upTo.Length; bucket++)
            {
                Sample(name + "_bucket", upTo[bucket], [.. labels, ("le", Number(DurationHistogram.Bounds[bucket]))]);
            }

            Sample(name + "_bucket", count, [.. labels, ("le", "+Inf")]);
            Sample(name + "_sum", seconds, labels);
            Sample(name + "_count", count, labels);
        }
    }

    void Many(string name, string help, string type, IEnumerable<((string Name, string Value)[] Labels, double Value)> samples)
    {
        Begin(name, help, type);
        foreach (var (labels, value) in samples)
        {
            Sample(name, value, labels);
        }
    }

    MetricsText Begin(string name, string help, string type)
    {
        _text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {Escape(help, quotes: false)}\n# TYPE {name} {type}\n");
        return this;
    }

    void Sample(string name, double value, params (string Name, string Value)[] labels)
    {
        _text.Append(name);
        if (labels.Length > 0)
        {
            _text.Append('{').AppendJoin(',', labels.Select(label => $"{label.Name}=\"{Escape(label.Value, quotes: true)}\"")).Append('}');
        }

        _text.Append(' ').Append(Number(value)).Append('\n');
    }

    static string Escape(string text, bool quotes)
    {
        text = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return quotes ? text.Replace("\"", "\\\"", StringComparison.Ordinal) : text;
    }

    static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
