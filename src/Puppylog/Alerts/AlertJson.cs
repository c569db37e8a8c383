using System.Text.Json.Serialization;
using Puppylog.Alerts.Notices;
using Puppylog.Alerts.Notifiers;
using Puppylog.Alerts.Rules;

namespace Puppylog.Alerts;

/// <summary>What the catalogue keeps of alerts.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(AlertDraft))]
[JsonSerializable(typeof(KeptAlert))]
[JsonSerializable(typeof(Silence))]
[JsonSerializable(typeof(NotifierDraft))]
sealed partial class AlertJson : JsonSerializerContext;
