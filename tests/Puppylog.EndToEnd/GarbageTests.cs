using System.Text;
using Puppylog.EndToEnd.Harness;

namespace Puppylog.EndToEnd;

/// <summary>Files that are no logs: the run goes on, counts them, and stores what is good among them.</summary>
public sealed class GarbageTests(PublishedProgram program) : IDisposable
{
    readonly TestDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("combined")]
    [InlineData("auto")]
    public async Task Random_bytes_harm_nothing(string format)
    {
        var noise = new byte[1 << 20];
        new Random(1).NextBytes(noise);
        await CollectAsync([.. noise, (byte)'\n'], format);
    }

    [Theory]
    [InlineData("combined")]
    [InlineData("auto")]
    public async Task Zero_bytes_harm_nothing(string format) => await CollectAsync([.. new byte[100_000], (byte)'\n'], format);

    [Theory]
    [InlineData("combined")]
    [InlineData("auto")]
    public async Task A_line_of_100_megabytes_harms_nothing(string format)
    {
        var line = new byte[100 << 20];
        line.AsSpan().Fill((byte)'x');
        line[^1] = (byte)'\n';
        var result = await CollectAsync(line, format);
        Assert.True(result.Errors.Length < 1 << 20, "the line is cut where it is told of");
    }

    async Task<ProgramResult> CollectAsync(byte[] garbage, string format)
    {
        File.WriteAllBytes(_directory["garbage.log"], [.. AccessLines.Lines(0, 1), .. garbage, .. AccessLines.Lines(0, 20)]);
        var result = (await program.RunAsync("collect", "-s", _directory["garbage.log"], "--data", _directory.Data, "-o", "json", "--format", format)).Expect(0);
        var summary = StoreQueries.Json(result.Lines[^1]);
        Assert.Equal(summary.Number("stored"), await program.CountAsync(_directory.Data));
        if (format == "combined")
        {
            Assert.Equal(21, summary.Number("stored"));
            Assert.Equal(summary.Number("read"), summary.Number("stored") + summary.Number("invalid"));
        }

        // The good lines are there whatever became of the rest.
        var raw = Encoding.Latin1.GetString(await program.RawAsync(_directory.Data)).Split('\n').ToHashSet();
        Assert.All(Enumerable.Range(0, 20), number => Assert.Contains(AccessLines.Line(number), raw));
        return result;
    }
}
