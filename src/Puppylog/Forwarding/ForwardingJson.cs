using System.Text.Json.Serialization;

namespace Puppylog.Forwarding;

/// <summary>What agent and server say to each other beside batches.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(KnownPositions))]
[JsonSerializable(typeof(BatchReceipt))]
[JsonSerializable(typeof(Refusal))]
sealed partial class ForwardingJson : JsonSerializerContext;
