using System.Collections.Immutable;

namespace Puppylog.Query.Execution;

/// <summary>The fields that the rest of a chain reads: so that operators that keep rows keep no more than that.</summary>
/// <param name="All">Every field that is shown.</param>
/// <param name="Names">Fields by name, beside all or alone.</param>
sealed record NeededFields(bool All, ImmutableHashSet<string> Names)
{
    public static NeededFields None { get; } = new(false, ImmutableHashSet.Create<string>(StringComparer.Ordinal));

    public static NeededFields Everything { get; } = None with { All = true };

    public NeededFields With(params IEnumerable<string> names) => this with { Names = Names.Union(names) };
}
