using System.Text;

namespace Puppylog.Query.Filters;

/// <summary>
/// A text that may be in the zone of a line's time. Only five bytes of a zone are written, so any other zone is worth a
/// look at the time.
/// </summary>
sealed class ZoneFilter(TextProbe probe) : ValueFilter("")
{
    public override bool Matches(ReadOnlySpan<byte> value) => value.Length is not (0 or 5) || probe.IsIn(value);

    public override string ToString() => Encoding.UTF8.GetString(probe.Needle);
}
