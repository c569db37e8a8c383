using System.Text;

namespace Puppylog.Query.Filters;

/// <summary>A word or a part of one in a field that a line is made of.</summary>
sealed class FragmentFilter(TextProbe probe) : TextFilter("", probe)
{
    public override string ToString() => Encoding.UTF8.GetString(Probe.Needle);
}
