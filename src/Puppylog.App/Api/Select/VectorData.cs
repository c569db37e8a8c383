using System.Text.Json.Serialization;

namespace Puppylog.App.Api.Select;

/// <param name="Result">A value per metric and labels.</param>
sealed record VectorData(IReadOnlyList<VectorSample> Result)
{
    [JsonPropertyName("resultType")]
    public string ResultType => "vector";
}
