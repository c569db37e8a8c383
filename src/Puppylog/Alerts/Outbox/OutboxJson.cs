using System.Text.Json.Serialization;

namespace Puppylog.Alerts.Outbox;

/// <summary>The lines of an outbox, and what a command is given.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(OutboxLine))]
sealed partial class OutboxJson : JsonSerializerContext;
