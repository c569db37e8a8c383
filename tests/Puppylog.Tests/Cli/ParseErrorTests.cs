using Puppylog.App.Cli;

namespace Puppylog.Tests.Cli;

public sealed class ParseErrorTests
{
    /// <summary>Arguments ⇶ what is said.</summary>
    public static TheoryData<string, string[]> Table => new()
    {
        { "colect", ["there is no command 'colect'; did you mean 'collect'?"] },
        { "xyzzy a b", ["there is no command 'xyzzy'"] },
        { "collect --sorce x y", ["there is no option '--sorce'; did you mean '--source'?"] },
        { "collect --sorce=x", ["there is no option '--sorce=x'; did you mean '--source'?"] },
        { "collect access.log", ["'access.log' is not expected here; what is to be read is named with -s"] },
        { "--verison", ["there is no option '--verison'; did you mean '--version'?"] },
        { "store verfy", ["there is no command 'verfy'; did you mean 'verify'?"] },
        { "groups crate x", ["there is no command 'crate'; did you mean 'create'?"] },
        { "store backup --cpy", ["there is no option '--cpy'; did you mean '--copy'?"] },
        { "search --lmit 5", ["there is no option '--lmit'; did you mean '--limit'?"] },
        { "search error --lmit", ["there is no option '--lmit'; did you mean '--limit'?"] },
        { "config show --jsn", ["there is no option '--jsn'"] },
        { "store restore -x backup", ["there is no option '-x'"] },
        { "search -error -", [] },
        { "search -- --lmit", [] },
        { "store backup -- --odd", [] },
        { "config check --config a", [] },
        { "config show -c a", [] },
        { "config check a b", ["'b' is not expected here"] },
        { "collect --invalid droop", ["--invalid takes report, keep or drop, not 'droop'; did you mean 'drop'?"] },
        { "collect --from start", ["--from takes beginning or end, not 'start'"] },
        { "collect -o xml", ["--output takes text or json, not 'xml'"] },
        { "collect --workers many", ["--workers takes 1 to 64, not 'many'"] },
        { "collect --workers 0", ["--workers takes 1 to 64, not '0'"] },
        { "collect --batch-size 99999", ["--batch-size takes 1 to 65536, not '99999'"] },
        { "generate --format x", ["--format takes combined, clf, json or api_requests, not 'x'"] },
        { "collect --workers 3 --from end -o json", [] },
    };

    [Fact]
    public void Tail_takes_the_flag_that_it_has_elsewhere() => Assert.Equal("*", CommandLine.Create().Parse(["tail", "-f"]).GetValue<string>("QUERY"));

    [Theory]
    [MemberData(nameof(Table))]
    public void Wrong_flags_are_told_in_one_sentence_each(string arguments, string[] expected) =>
        Assert.Equal(expected, ParseErrors.Texts(CommandLine.Create().Parse(arguments.Split(' '))));
}
