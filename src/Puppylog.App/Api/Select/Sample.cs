using System.Text.Json.Serialization;

namespace Puppylog.App.Api.Select;

/// <summary>A value at a time, as Prometheus writes it: <c>[1704067200, "103125"]</c>.</summary>
/// <param name="Time">Nanoseconds since 1970.</param>
/// <param name="Value">The value as text.</param>
[JsonConverter(typeof(SampleConverter))]
sealed record Sample(long Time, string Value);
