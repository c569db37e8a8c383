namespace Puppylog.App.Api.Select;

/// <param name="Metric">Its name and labels.</param>
/// <param name="Values">Times and values, in order.</param>
sealed record MatrixSeries(Dictionary<string, string> Metric, List<Sample> Values);
