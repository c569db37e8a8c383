using System.Text.Json;

namespace Puppylog.EndToEnd.Harness;

/// <summary>What tests ask a store, through the program.</summary>
static class StoreQueries
{
    /// <summary>Matching records, as <c>stats count()</c> says.</summary>
    public static async Task<long> CountAsync(this PublishedProgram program, string data, string filter = "*")
    {
        var result = (await program.RunAsync("search", $"{filter} | stats count() n", "--data", data, "-o", "json")).Expect(0);
        return CountIn(result);
    }

    /// <summary>Waits until the store holds exactly so many; a store that is not there yet holds none.</summary>
    public static async Task WaitForCountAsync(this PublishedProgram program, string data, long count, RunningProgram? writer = null)
    {
        var last = "";
        await Eventually.HoldsAsync(
            async () =>
            {
                Assert.False(writer?.HasExited ?? false, $"the collector ended; it said: {string.Join('\n', writer?.ErrorLines ?? [])}");
                var result = await program.RunAsync("search", "* | stats count() n", "--data", data, "-o", "json");
                last = result.Text + result.Errors;
                return result.ExitCode == 0 && CountIn(result) == count;
            },
            () => $"the store never held {count} records; its last answer: {last}\nthe collector said: {string.Join('\n', writer?.ErrorLines ?? [])}");
    }

    /// <summary>All original lines, oldest first.</summary>
    public static async Task<byte[]> RawAsync(this PublishedProgram program, string data) =>
        (await program.RunAsync("search", "*", "--data", data, "-o", "raw")).Expect(0).Output;

    /// <summary>Ends as <c>collect -o json</c> does: the last line of the output is the summary.</summary>
    public static async Task<JsonElement> CollectAsync(this PublishedProgram program, string data, string source, params string[] more)
    {
        var result = (await program.RunAsync(["collect", "-s", source, "--data", data, "-o", "json", .. more])).Expect(0);
        return Json(result.Lines[^1]);
    }

    public static JsonElement Json(string line) => JsonDocument.Parse(line).RootElement;

    /// <summary>A value of a result row: strings, as the JSON answers of LogsQL are.</summary>
    public static string Field(this JsonElement row, string name) => row.GetProperty(name).GetString()!;

    public static long Number(this JsonElement row, string name) => row.GetProperty(name).GetInt64();

    static long CountIn(ProgramResult result) =>
        long.Parse(Json(Assert.Single(result.Lines)).Field("n"), System.Globalization.CultureInfo.InvariantCulture);
}
