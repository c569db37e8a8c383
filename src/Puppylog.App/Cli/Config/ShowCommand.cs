using System.CommandLine;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Puppylog.Configuration.Showing;

namespace Puppylog.App.Cli.Config;

/// <summary><c>puppylog config show</c>.</summary>
static class ShowCommand
{
    const string Description = """
        Show a configuration as it takes effect: variables replaced, defaults filled in, secrets masked.

        Examples:
          puppylog config show
          puppylog config show puppylog.yaml -o json | jq .sources
        """;

    public static Command Create()
    {
        var file = ConfigCommand.File();
        var option = ConfigCommand.FileOption();
        var output = CommonOptions.Output("text", "json");
        var command = new Command("show", Description) { file, option, output };
        command.SetAction(async (parsed, _) =>
        {
            var tree = ConfigurationTree.Of(ConfigurationFile.Read(ConfigCommand.FileOf(parsed, file, option)));
            await Console.Out.WriteAsync(parsed.GetValue(output) == "json" ? Json(tree) : YamlText.Write(tree));
            return ExitCode.Done;
        });
        return command;
    }

    static string Json(JsonObject tree)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            tree.WriteTo(json);
        }

        return Encoding.UTF8.GetString(buffer.ToArray()) + "\n";
    }
}
