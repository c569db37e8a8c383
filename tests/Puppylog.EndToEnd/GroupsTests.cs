using Puppylog.EndToEnd.Harness;

namespace Puppylog.EndToEnd;

/// <summary><c>streams</c> and <c>groups</c>.</summary>
public sealed class GroupsTests(PublishedProgram program) : IDisposable
{
    readonly TestDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Streams_are_listed_and_a_group_of_them_is_asked_for()
    {
        var (shop, admin) = (_directory["shop.log"], _directory["admin.log"]);
        File.WriteAllText(shop, "one\ntwo\nthree\n");
        File.WriteAllText(admin, "four\n");
        foreach (var log in new[] { shop, admin })
        {
            await program.CollectAsync(_directory.Data, log, "--format", "text");
        }

        File.AppendAllText(admin, "later\n");
        var streams = (await program.RunAsync("streams", "--data", _directory.Data, "-o", "json")).Expect(0).Lines.Select(StoreQueries.Json).ToArray();
        Assert.Equal([(shop, 3L, 14L, 0L), (admin, 1L, 5L, 6L)], streams.Select(row => (row.GetProperty("fields").Field("file_path"), row.Number("records"), row.Number("position"), row.Number("lag"))));
        Assert.Contains("shop.log", (await program.RunAsync("streams", "--data", _directory.Data)).Expect(0).Text, StringComparison.Ordinal);

        Assert.Equal("no groups\n", (await program.RunAsync("groups", "--data", _directory.Data)).Expect(0).Text);
        (await GroupAsync("create", "shop", "--match", $"{{file_path=\"{shop}\"}}")).Expect(0);
        (await GroupAsync("create", "all", "--match", "{file_path=~\".*\"}")).Expect(0);
        var groups = (await program.RunAsync("groups", "--data", _directory.Data, "-o", "json")).Expect(0).Lines.Select(StoreQueries.Json).ToArray();
        Assert.Equal([("all", 2L, 4L), ("shop", 1L, 3L)], groups.Select(row => (row.Field("group"), row.Number("streams"), row.Number("records"))).Order());
        Assert.Equal(3, await program.CountAsync(_directory.Data, "_group:shop"));
        Assert.Equal(4, await program.CountAsync(_directory.Data, "_group:all"));

        (await GroupAsync("create", "shop", "--match", $"{{file_path=\"{admin}\"}}")).Expect(0);
        Assert.Equal(1, await program.CountAsync(_directory.Data, "_group:shop"));
        (await GroupAsync("delete", "shop")).Expect(0);
        Assert.Equal("all", StoreQueries.Json(Assert.Single((await program.RunAsync("groups", "--data", _directory.Data, "-o", "json")).Expect(0).Lines)).Field("group"));
        (await program.RunAsync("search", "_group:shop", "--data", _directory.Data)).Expect(2);
    }

    [Theory]
    [InlineData("create", "a b", "--match", "{a=\"b\"}", "letters, digits")]
    [InlineData("create", "a", "--match", "level:error", "takes a stream selector")]
    [InlineData("create", "a", "--match", "{a=\"b\"} | limit 1", "takes a stream selector")]
    [InlineData("create", "a", "--match", "{a=", "expected")]
    public async Task What_is_no_group_is_refused(string verb, string name, string option, string match, string reason) =>
        Assert.Contains(reason, (await GroupAsync(verb, name, option, match)).Expect(2).Errors, StringComparison.Ordinal);

    [Fact]
    public async Task Group_that_is_not_there_is_not_deleted()
    {
        File.WriteAllText(_directory["a.log"], "x\n");
        await program.CollectAsync(_directory.Data, _directory["a.log"]);
        Assert.Contains("there is no group 'nosuch'", (await GroupAsync("delete", "nosuch")).Expect(2).Errors, StringComparison.Ordinal);
    }

    Task<ProgramResult> GroupAsync(params string[] arguments) => program.RunAsync(["groups", .. arguments, "--data", _directory.Data]);
}
