using System.CommandLine;
using System.Globalization;
using Puppylog.Generation;

namespace Puppylog.App.Cli;

/// <summary><c>puppylog generate</c>.</summary>
static class GenerateCommand
{
    /// <summary>How long a write that is under way may take to end once the command is stopped.</summary>
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    public static Command Create()
    {
        var format = new Option<string>("--format")
        {
            Description = "What the lines look like",
            HelpName = string.Join('|', LineWriter.Formats),
            DefaultValueFactory = _ => "combined",
        };
        format.TakeOnly([.. LineWriter.Formats]);
        var rate = new Option<string?>("--rate") { Description = "Records per second; 0 or absent: as fast as they can be written", HelpName = "N" };
        var batchSize = new Option<string?>("--batch-size") { Description = "Lines per write [$LOG_BATCH_SIZE]", HelpName = "N" };
        var interval = new Option<string?>("--interval") { Description = "Seconds between two writes [$LOG_INTERVAL_SECONDS]", HelpName = "SECONDS" };
        var max = new Option<string?>("--max") { Description = "Lines after which to end; absent: go on until Ctrl-C [$MAX_LOGS_TO_GENERATE]", HelpName = "N" };
        var seed = new Option<string?>("--seed") { Description = "The same seed gives the same bytes; times then begin at --start instead of following the clock", HelpName = "N" };
        var start = new Option<string?>("--start") { Description = $"First time with --seed, UTC [default: {GenerateSettings.DefaultStart}]", HelpName = "TIME" };
        var output = new Option<string?>("--output") { Description = "File or FIFO to write to; absent or -: standard output [$LOG_FILE_PATH]", HelpName = "FILE" };
        var append = new Option<bool>("--append") { Description = "Add to an existing file instead of replacing it" };
        var command = new Command("generate", """
            Write realistic made-up logs: many clients, a few of them busy, routes, bursts and errors.

            Examples:
              puppylog generate --max 100000 --output /tmp/access.log
              puppylog generate --rate 50 --output /tmp/access.log --append
              puppylog generate --seed 7 --max 1000 | puppylog collect -s -
              puppylog generate --format api_requests --batch-size 100 --interval 2
            """)
        {
            format, rate, batchSize, interval, max, seed, start, output, append,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var settings = new GenerateSettings(
                parsed.GetValue(rate),
                parsed.GetValue(batchSize),
                parsed.GetValue(interval),
                parsed.GetValue(max),
                parsed.GetValue(seed),
                parsed.GetValue(start),
                parsed.GetValue(output));
            return RunAsync(settings.ToOptions(parsed.GetValue(format)!, Environment.GetEnvironmentVariable), settings.OutputPath(Environment.GetEnvironmentVariable), parsed.GetValue(append), cancellation);
        });
        return command;
    }

    static async Task<int> RunAsync(GenerationOptions options, string? path, bool append, CancellationToken cancellation)
    {
        var clock = TimeProvider.System;
        await using var target = await GenerateOutput.OpenAsync(path, append, cancellation);
        var generator = new LogGenerator(options, clock);
        var begun = clock.GetTimestamp();
        // On a thread of its own: a write to a FIFO whose reader sleeps cannot be cancelled, only left behind.
        var running = Task.Run(() => generator.RunAsync(target, cancellation), CancellationToken.None);
        try
        {
            await running.WaitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAny(running, Task.Delay(Grace, clock, CancellationToken.None));
        }
        catch (IOException gone) when (GenerateOutput.IsReaderGone(gone))
        {
            // As with any program in a pipe: whoever asked has enough.
        }
        catch (IOException wrong)
        {
            throw new UsageException($"cannot write to {path ?? "standard output"}: {wrong.Message}");
        }

        var seconds = clock.GetElapsedTime(begun).TotalSeconds;
        await Console.Error.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"puppylog: wrote {generator.Lines:N0} lines, {generator.Bytes:N0} bytes in {seconds:0.0} s ({generator.Lines / Math.Max(seconds, 0.001):N0} lines/s, {generator.Bytes / Math.Max(seconds, 0.001) / 1e6:N1} MB/s)"));
        return ExitCode.Done;
    }
}
