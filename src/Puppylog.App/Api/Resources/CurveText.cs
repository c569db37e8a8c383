using Puppylog.Alerts;
using Puppylog.App.Cli.Store;
using Puppylog.Query.Values;

namespace Puppylog.App.Api.Resources;

/// <summary>A curve as JSON: <c>"from":1763800000,"to":1763803600,"step":60,"segments":[{"segment":"","points":[[1763800000,12.5],…]}]</c>, times in seconds since 1970.</summary>
static class CurveText
{
    /// <summary>Its members, with a comma before each.</summary>
    public static string Members(AlertCurve curve)
    {
        var text = JsonLine.Write(json =>
        {
            json.WriteNumber("from", curve.From);
            json.WriteNumber("to", curve.To);
            json.WriteNumber("step", curve.Step);
            json.WriteStartArray("segments");
            foreach (var (segment, points) in curve.Segments)
            {
                json.WriteStartObject();
                json.WriteString("segment", segment);
                json.WriteStartArray("points");
                foreach (var (second, value) in points)
                {
                    json.WriteStartArray();
                    json.WriteNumberValue(second);
                    json.WriteRawValue(NumberText.Format(value));
                    json.WriteEndArray();
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteNumber("other_segments", curve.Others);
        });
        return $",{text.AsSpan(1, text.Length - "{}\n".Length)}";
    }
}
