using Puppylog.Query;
using Puppylog.Query.Syntax;

namespace Puppylog.Tests.Query.Filters;

public sealed class GroupFilterTests
{
    static string? Groups(string name) => name switch { "shop" => "{app=\"shop\"}", "a b" => "{}", _ => null };

    [Theory]
    [InlineData("_group:shop", "_group:shop")]
    [InlineData("_group:=shop error", "_group:shop error")]
    [InlineData("error or not _group:\"shop\"", "error or !_group:shop")]
    [InlineData("_group:'a b'", "_group:\"a b\"")]
    public void Group_prints_as_it_is_written(string query, string printed)
    {
        var parsed = QueryParser.Parse(query, 0, Groups).Filter;
        Assert.Equal(printed, parsed.ToString());
        Assert.Equal(printed, QueryParser.Parse(printed, 0, Groups).Filter.ToString());
    }

    [Fact]
    public void Group_reads_the_fields_of_its_selector()
    {
        var fields = new HashSet<string>();
        QueryParser.Parse("* | filter _group:shop", 0, Groups);
        QueryParser.Parse("_group:shop", 0, Groups).Filter.AddFields(fields);
        Assert.Equal(["_stream", "app"], fields.Order());
    }

    [Theory]
    [InlineData("x _group:shops", 9, "expected a group, found 'shops'; 'puppylog groups' lists them, 'puppylog groups create' makes one")]
    [InlineData("_group:", 7, "expected the name of a group, found the end of the query")]
    public void Unknown_group_is_told_with_its_place(string query, int position, string message)
    {
        var wrong = Assert.Throws<LogsqlException>(() => QueryParser.Parse(query, 0, Groups));
        Assert.Equal((position, message), (wrong.Position, wrong.Message));
        Assert.Throws<LogsqlException>(() => QueryParser.Parse("_group:shop", 0));
    }
}
