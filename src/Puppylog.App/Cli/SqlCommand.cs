using System.CommandLine;
using Puppylog.App.Cli.Search;
using Puppylog.Storage.Postgres.Asking;

namespace Puppylog.App.Cli;

/// <summary><c>puppylog sql</c>.</summary>
static class SqlCommand
{
    const string Description = """
        Ask a PostgreSQL or TimescaleDB store in SQL; nothing is written.

        The table is logs; its columns and worked queries are in docs/sql.md.

        Examples:
          puppylog sql "SELECT time, level, message FROM logs ORDER BY time DESC LIMIT 5" --store postgres://logs@db/logs
          puppylog sql "SELECT application_name, count(*) FROM logs GROUP BY 1" --store postgres -o json
          puppylog sql - --store postgres < report.sql
        """;

    public static Command Create()
    {
        var sql = new Argument<string>("SQL") { Description = "One statement; - reads it from standard input" };
        var store = StoreOption.Create();
        store.Required = true;
        var output = CommonOptions.Output("text", "json");
        var command = new Command("sql", Description) { sql, store, output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var text = parsed.GetValue(sql)! is var given && given == "-" ? await Console.In.ReadToEndAsync(cancellationToken) : given;
            using var buffer = OutputBuffer.OpenStandardOutput();
            ResultWriter writer = parsed.GetValue(output) == "json" ? new JsonResultWriter(buffer) : new TableResultWriter(buffer, Terminal.OnStandardOutput(buffer));
            await SqlQuestion.RunAsync(StoreOption.Checked(parsed.GetValue(store)!), text, writer, cancellationToken);
            writer.Complete();
            return writer.HasRows ? ExitCode.Done : ExitCode.Nothing;
        });
        return command;
    }
}
