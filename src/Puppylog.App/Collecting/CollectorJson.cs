using System.Text.Json.Serialization;

namespace Puppylog.App.Collecting;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CollectorState))]
sealed partial class CollectorJson : JsonSerializerContext;
