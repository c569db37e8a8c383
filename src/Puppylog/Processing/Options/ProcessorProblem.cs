namespace Puppylog.Processing.Options;

/// <summary>A user's mistake in the options of a processor.</summary>
/// <param name="Option">The option as the configuration calls it, e.g. <c>ratio</c>.</param>
/// <param name="Message">What is wrong and what would work; one sentence, or with the query and a caret below it.</param>
readonly record struct ProcessorProblem(string Option, string Message)
{
    public override string ToString() => $"{Option}: {Message}";
}
