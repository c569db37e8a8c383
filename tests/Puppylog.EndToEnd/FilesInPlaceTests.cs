using System.IO.Compression;
using Puppylog.EndToEnd.Harness;

namespace Puppylog.EndToEnd;

public sealed class FilesInPlaceTests(PublishedProgram program) : IDisposable
{
    readonly TestDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Files_are_searched_in_place_and_nothing_is_stored()
    {
        var log = Repository.SharedData("apache_access.log");
        var packed = _directory["access.log.gz"];
        using (var file = new GZipStream(File.Create(packed), CompressionLevel.Fastest))
        {
            file.Write(File.ReadAllBytes(log));
        }

        foreach (var (files, expected) in new[] { (new[] { log }, "3"), ([packed], "3"), ([log, packed], "6") })
        {
            var result = (await program.RunAsync(["search", "status:>=500 | stats count() n", .. files, "--data", _directory.Data, "-o", "json"])).Expect(0);
            Assert.Equal(expected, StoreQueries.Json(Assert.Single(result.Lines)).Field("n"));
        }

        Assert.False(Directory.Exists(_directory.Data));
    }

    [Fact]
    public async Task A_file_that_is_missing_is_an_error_that_names_it()
    {
        var result = (await program.RunAsync("search", "*", _directory["absent.log"])).Expect(2);
        Assert.StartsWith("puppylog: ", result.Errors, StringComparison.Ordinal);
        Assert.Contains(_directory["absent.log"], result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("--help", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Times_bound_a_search()
    {
        File.WriteAllBytes(_directory["seq.log"], AccessLines.Lines(0, 60));
        await program.CollectAsync(_directory.Data, _directory["seq.log"]);
        var bounded = (await program.RunAsync("search", "*", "--data", _directory.Data, "-o", "raw", "--since", "2026-01-01T00:00:09.5Z", "--until", "2026-01-01T00:00:19.5Z")).Expect(0);
        AccessLines.AssertEqual(AccessLines.Lines(10, 10), bounded.Output);
        var newest = (await program.RunAsync("search", "*", "--data", _directory.Data, "-o", "raw", "-n", "3")).Expect(0);
        AccessLines.AssertEqual(AccessLines.Lines(57, 3), newest.Output);
        (await program.RunAsync("search", "*", "--data", _directory.Data, "--since", "5m")).Expect(1);
    }
}
