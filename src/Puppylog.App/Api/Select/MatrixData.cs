using System.Text.Json.Serialization;

namespace Puppylog.App.Api.Select;

/// <param name="Result">The values over time per metric and labels.</param>
sealed record MatrixData(IReadOnlyList<MatrixSeries> Result)
{
    [JsonPropertyName("resultType")]
    public string ResultType => "matrix";
}
