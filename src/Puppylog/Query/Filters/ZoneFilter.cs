using System.Text;

namespace Puppylog.Query.Filters;

/// <summary>A word in the zone of a line's time. Only five bytes of a zone are written, so others are looked at in the line.</summary>
sealed class ZoneFilter(TextProbe probe) : ValueFilter("")
{
    public override bool Matches(ReadOnlySpan<byte> value) => value.Length is not (0 or 5) || probe.IsIn(value);

    public override string ToString() => Encoding.UTF8.GetString(probe.Needle);
}
