using System.Text.Json.Serialization;
using Puppylog.App.Api.Ingest;
using Puppylog.App.Api.Resources;
using Puppylog.App.Api.Select;
using Puppylog.App.Api.Stats;
using Puppylog.App.Watch.Boards;

namespace Puppylog.App.Api;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(AgentEntry))]
[JsonSerializable(typeof(FacetsReply))]
[JsonSerializable(typeof(HitsReply))]
[JsonSerializable(typeof(IngestReply))]
[JsonSerializable(typeof(MatrixReply))]
[JsonSerializable(typeof(RequestRefusal))]
[JsonSerializable(typeof(StatsReply))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(ValuesReply))]
[JsonSerializable(typeof(VectorReply))]
[JsonSerializable(typeof(ServerStatus))]
[JsonSerializable(typeof(Health))]
[JsonSerializable(typeof(StreamBoard))]
[JsonSerializable(typeof(MetricBoard))]
[JsonSerializable(typeof(AlertBoard))]
sealed partial class ApiJson : JsonSerializerContext;
