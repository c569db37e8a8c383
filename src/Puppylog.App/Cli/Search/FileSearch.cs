using System.IO.Compression;
using Puppylog.Pipeline;
using Puppylog.Query.Execution;
using Puppylog.Records;

namespace Puppylog.App.Cli.Search;

/// <summary>
/// Searches files in place, storing nothing: file after file in the order given, each in batches of which two are in
/// memory, one being read while the other is searched. Rows come as they stand in the files, whatever their times;
/// <c>sort by (_time)</c> orders them.
/// </summary>
static class FileSearch
{
    /// <returns>False where a file could not be read; it was named on stderr.</returns>
    public static async Task<bool> RunAsync(SearchRequest request, IEnumerable<string> files, LineFormat format, ResultWriter writer, TimeProvider clock, CancellationToken cancellationToken)
    {
        var run = new QueryRun(request.LimitedQuery, writer, cancellationToken);
        var readable = true;
        var wantsMore = true;
        foreach (var file in files)
        {
            if (!wantsMore)
            {
                break;
            }

            try
            {
                using var stream = Open(file);
                var name = file == "-" ? "stdin" : file;
                using var lines = new LineBatches(stream, name, format, Timestamps.Now(clock));
                wantsMore = await SearchAsync(lines, run).ConfigureAwait(false);
                if (lines.Invalid > 0)
                {
                    await Console.Error.WriteLineAsync(
                        $"puppylog: {name}: left out {lines.Invalid} {(lines.Invalid == 1 ? "line that is" : "lines that are")} not {lines.Format} (line {lines.FirstInvalid.Line}: {lines.FirstInvalid.Reason})");
                }
            }
            catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                readable = false;
                await Console.Error.WriteLineAsync($"puppylog: {file}: {Reason(wrong)}");
            }
        }

        run.Finish();
        writer.Complete();
        return readable;
    }

    /// <summary>False where no more input is wanted.</summary>
    static async Task<bool> SearchAsync(LineBatches lines, QueryRun run)
    {
        RecordBatch? reading = null;
        RecordBatch? searched = null;
        var search = Task.FromResult(true);
        try
        {
            while (lines.Read(ref reading))
            {
                if (!await search.ConfigureAwait(false))
                {
                    return false;
                }

                (reading, searched) = (searched, reading);
                var block = new BatchBlock(searched!);
                search = Task.Run(() => run.Add(block));
            }
        }
        finally
        {
            await ((Task)search).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return await search.ConfigureAwait(false);
    }

    static Stream Open(string file)
    {
        if (file == "-")
        {
            return Console.OpenStandardInput();
        }

        if (Directory.Exists(file))
        {
            throw new IOException("is a directory");
        }

        var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);
        return file.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(stream, CompressionMode.Decompress) : stream;
    }

    static string Reason(Exception wrong) => wrong switch
    {
        FileNotFoundException or DirectoryNotFoundException => "there is no such file",
        UnauthorizedAccessException => "may not be read by this user",
        InvalidDataException => $"is no intact gzip file ({wrong.Message})",
        _ => wrong.Message,
    };
}
