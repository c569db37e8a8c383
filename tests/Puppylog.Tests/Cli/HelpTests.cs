using System.CommandLine;
using Puppylog.App.Cli;

namespace Puppylog.Tests.Cli;

public sealed class HelpTests
{
    [Theory]
    [InlineData("--help", 18)]
    [InlineData("monitor --help", 2)]
    [InlineData("store --help", 7)]
    public void List_of_commands_has_one_line_for_each(string args, int commands) =>
        Assert.Equal(commands, Help(args).Split("Commands:\n")[1].Split("\n\n")[0].Split('\n').Count(line => line.Length > 0));

    public static TheoryData<string> Commands() => [.. Names(CommandLine.Create(), "").Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Commands))]
    public void Every_command_says_what_it_is_for_and_shows_an_example(string command)
    {
        var help = Help($"{command} --help");
        Assert.StartsWith("Description:\n  ", help, StringComparison.Ordinal);
        if (command != "version")
        {
            // `monitor alerts` and `monitor metrics` are other names, and the help is that of the commands.
            Assert.Contains($"puppylog {(command.StartsWith("monitor ", StringComparison.Ordinal) ? command["monitor ".Length..] : command)}", help.Split("Example")[1], StringComparison.Ordinal);
        }
    }

    static string Help(string args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        Assert.Equal(0, CommandLine.Create().Parse(args).Invoke(new InvocationConfiguration { Output = output }));
        return output.ToString().ReplaceLineEndings("\n");
    }

    static IEnumerable<string> Names(Command command, string prefix) => command.Subcommands.SelectMany(
        inner => Names(inner, $"{prefix}{inner.Name} ").Prepend($"{prefix}{inner.Name}"));
}
