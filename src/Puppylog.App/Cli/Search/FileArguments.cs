using System.CommandLine;
using Puppylog.Parsing.Multiline;
using Puppylog.Pipeline;

namespace Puppylog.App.Cli.Search;

/// <summary>The files that <c>search</c> reads in place, and how.</summary>
sealed record FileArguments(Argument<string[]> Names, Option<string> Format, Option<JoinRule> Multiline)
{
    public static FileArguments Create()
    {
        var names = new Argument<string[]>("FILE") { Description = "Search these files in place (.gz too, - is stdin) instead of the store", Arity = ArgumentArity.ZeroOrMore };
        return new(names, CommonOptions.Format(), CommonOptions.Multiline());
    }

    public string[] NamesIn(ParseResult parsed) => parsed.GetValue(Names) ?? [];

    /// <exception cref="OptionException">It is said how files are read, and none is named.</exception>
    public LineFormat FormatIn(ParseResult parsed)
    {
        if (NamesIn(parsed).Length == 0 && Array.Find<Option>([Format, Multiline], option => parsed.GetResult(option) is { Implicit: false }) is { } option)
        {
            throw new OptionException($"{option.Name} says how files are read: name some, the store has records already");
        }

        return new(parsed.GetRequiredValue(Format), parsed.GetRequiredValue(Multiline));
    }
}
