using System.Text;
using System.Text.RegularExpressions;
using Puppylog.EndToEnd.Harness;

namespace Puppylog.EndToEnd;

public sealed partial class GenerateTests(PublishedProgram program) : IDisposable
{
    readonly TestDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("combined")]
    [InlineData("clf")]
    [InlineData("json")]
    [InlineData("api_requests")]
    public async Task The_same_seed_gives_the_same_bytes(string format)
    {
        var first = await GenerateAsync("1.log", "--format", format, "--seed", "7", "--max", "2000");
        Assert.Equal(2000, first.Count((byte)'\n'));
        Assert.Equal((byte)'\n', first[^1]);
        Assert.Equal(first, await GenerateAsync("2.log", "--format", format, "--seed", "7", "--max", "2000"));
        Assert.NotEqual(first, await GenerateAsync("3.log", "--format", format, "--seed", "8", "--max", "2000"));
    }

    [Theory]
    [InlineData("combined")]
    [InlineData("clf")]
    public async Task Generated_access_logs_are_collected_without_an_invalid_line(string format)
    {
        var lines = await GenerateAsync("access.log", "--format", format, "--seed", "1", "--max", "20000");
        var summary = await program.CollectAsync(_directory.Data, _directory["access.log"]);
        Assert.Equal((20_000, 20_000, 0), (summary.Number("read"), summary.Number("stored"), summary.Number("invalid")));
        AccessLines.AssertSame(lines, await program.RawAsync(_directory.Data));
        var row = StoreQueries.Json((await program.RunAsync("search", "* | stats min(_time) first", "--data", _directory.Data, "-o", "json")).Expect(0).Text);
        Assert.StartsWith("2026-01-01T00:00", row.Field("first"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Api_requests_look_as_specified()
    {
        var lines = Encoding.ASCII.GetString(await GenerateAsync("api.log", "--format", "api_requests", "--seed", "1", "--max", "500")).Split('\n')[..^1];
        Assert.All(lines, line => Assert.Matches(ApiRequest(), line));
    }

    [Fact]
    public async Task An_existing_file_is_replaced_unless_told_otherwise()
    {
        await GenerateAsync("x.log", "--seed", "1", "--max", "10");
        Assert.Equal(10, (await GenerateAsync("x.log", "--seed", "1", "--max", "10")).Count((byte)'\n'));
        Assert.Equal(20, (await GenerateAsync("x.log", "--seed", "1", "--max", "10", "--append")).Count((byte)'\n'));
    }

    [Fact]
    public async Task Environment_variables_set_what_flags_do_not()
    {
        Dictionary<string, string> environment = new()
        {
            ["LOG_FILE_PATH"] = _directory["env.log"],
            ["MAX_LOGS_TO_GENERATE"] = "30",
            ["LOG_BATCH_SIZE"] = "10",
            ["LOG_INTERVAL_SECONDS"] = "0.01",
        };
        (await program.RunAsync(["generate", "--format", "api_requests"], null, environment)).Expect(0);
        Assert.Equal(30, File.ReadAllLines(_directory["env.log"]).Length);
    }

    [Fact]
    public async Task A_named_pipe_is_written_to()
    {
        var result = (await program.RunScriptAsync("mkfifo \"$1\" && { \"$puppylog\" generate --seed 1 --max 1000 --output \"$1\" & timeout 30 cat \"$1\"; wait $!; }", _directory["pipe"])).Expect(0);
        Assert.Equal(await GenerateAsync("file.log", "--seed", "1", "--max", "1000"), result.Output);
    }

    async Task<byte[]> GenerateAsync(string name, params string[] more)
    {
        (await program.RunAsync(["generate", "--output", _directory[name], .. more])).Expect(0);
        return File.ReadAllBytes(_directory[name]);
    }

    [GeneratedRegex(@"^2026-01-01 \d\d:\d\d:\d\d cust_[1-9]\d* /api/v1/resource\d+ \d{3} \d+\.\d{3}$", RegexOptions.CultureInvariant)]
    private static partial Regex ApiRequest();
}
