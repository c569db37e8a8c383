using System.Collections.Immutable;

namespace Puppylog.Processing.Options;

/// <summary>Takes fields away; the original line stays (what must not be stored is redacted instead).</summary>
/// <param name="Names">The fields; a <c>*</c> at the end stands for any rest of a name.</param>
sealed record RemoveOptions(ImmutableArray<string> Names) : ProcessorOptions
{
    public override string Kind => "remove";

    public override IEnumerable<ProcessorProblem> Check()
    {
        var problems = base.Check().Concat((Names.IsDefault ? [] : Names).SelectMany(name => CheckName("fields", name)));
        return [.. problems, .. Names.IsDefaultOrEmpty ? [new("fields", "name at least one field, like user_agent or kubernetes.*")] : Array.Empty<ProcessorProblem>()];
    }
}
