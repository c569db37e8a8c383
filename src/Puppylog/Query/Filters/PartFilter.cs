using System.Text;

namespace Puppylog.Query.Filters;

/// <summary>A text in a field that a line is made of.</summary>
sealed class PartFilter(TextProbe probe) : TextFilter("", probe)
{
    public override string ToString() => Encoding.UTF8.GetString(Probe.Needle);
}
