using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Puppylog.App.Cli;

/// <summary>
/// Help in which lists of commands show the first paragraph of each description only; the rest of it, examples mostly, ends
/// the command's own help.
/// </summary>
sealed class DetailedHelp : SynchronousCommandLineAction
{
    readonly HelpAction _help;
    readonly Dictionary<Command, string> _details = [];

    DetailedHelp(HelpAction help) => _help = help;

    public override bool ClearsParseErrors => true;

    public static void AddTo(RootCommand root)
    {
        var option = root.Options.OfType<HelpOption>().Single();
        var help = new DetailedHelp((HelpAction)option.Action!);
        help.Shorten(root);
        option.Action = help;
    }

    public override int Invoke(ParseResult parseResult)
    {
        var result = _help.Invoke(parseResult);
        if (_details.TryGetValue(parseResult.CommandResult.Command, out var details))
        {
            parseResult.InvocationConfiguration.Output.WriteLine(details);
        }

        return result;
    }

    void Shorten(Command command)
    {
        if (command.Description?.Split("\n\n", 2) is [var summary, var details])
        {
            command.Description = summary;
            _details.Add(command, details);
        }

        foreach (var inner in command.Subcommands)
        {
            Shorten(inner);
        }
    }
}
