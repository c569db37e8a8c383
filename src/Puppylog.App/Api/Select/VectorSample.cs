namespace Puppylog.App.Api.Select;

/// <param name="Metric">Its name and labels.</param>
/// <param name="Value">Time and value.</param>
sealed record VectorSample(Dictionary<string, string> Metric, Sample Value);
