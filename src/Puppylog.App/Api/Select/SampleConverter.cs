using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Puppylog.Records;

namespace Puppylog.App.Api.Select;

/// <summary>Writes a sample as an array of seconds since 1970 and the value; nobody reads one.</summary>
sealed class SampleConverter : JsonConverter<Sample>
{
    public override Sample Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

    public override void Write(Utf8JsonWriter writer, Sample value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        writer.WriteRawValue(((decimal)value.Time / Timestamps.Second).ToString("0.###", CultureInfo.InvariantCulture));
        writer.WriteStringValue(value.Value);
        writer.WriteEndArray();
    }
}
