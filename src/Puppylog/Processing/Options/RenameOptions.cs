using Puppylog.Records;

namespace Puppylog.Processing.Options;

/// <summary>Gives a field another name. A record that has one of that name already has it replaced.</summary>
/// <param name="From">The field.</param>
/// <param name="To">Its new name; <c>_msg</c> makes its value the message.</param>
sealed record RenameOptions(string From, string To) : ProcessorOptions
{
    public override string Kind => "rename";

    public override IEnumerable<ProcessorProblem> Check()
    {
        var names = CheckName("from", From).Concat(To == FieldNames.Message ? [] : CheckName("to", To));
        return [.. base.Check(), .. names, .. From == To && From.Length > 0 ? [new("to", $"'{From}' has that name already; name another one")] : Array.Empty<ProcessorProblem>()];
    }
}
