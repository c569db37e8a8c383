using Microsoft.AspNetCore.Http;
using Puppylog.App.Api;
using Puppylog.App.Api.Select;
using Puppylog.Query.Syntax;

namespace Puppylog.Tests.Api.Select;

public sealed class ExtraFiltersTests
{
    [Theory]
    [InlineData("extra_filters", "status:404 path:x", "status:404 path:x")]
    [InlineData("extra_filters", "a or b", "a or b")]
    [InlineData("extra_filters", """{"namespace":"my-app","env":"prod"}""", """namespace:=my-app env:=prod""")]
    [InlineData("extra_filters", """{"env":["prod","te\"st"]}""", """env:in(prod,"te\"st")""")]
    [InlineData("extra_stream_filters", """{app="shop"}""", """{app="shop"}""")]
    [InlineData("extra_stream_filters", """{"app":"shop","env":["a","b"]}""", """{app="shop",env in (a,b)}""")]
    public void Filters_are_logsql_or_objects(string name, string text, string expected) =>
        Assert.Equal(QueryText(expected), QueryText(string.Join(" ", Read(name, text))));

    [Theory]
    [InlineData("extra_filters", "a | limit 1")]
    [InlineData("extra_filters", """{"a":1}""")]
    [InlineData("extra_filters", """{"a":[null]}""")]
    public void What_is_no_filter_is_refused(string name, string text) => Assert.Throws<RequestException>(() => Read(name, text));

    [Fact]
    public void What_is_not_understood_is_told_as_in_a_query() => Assert.Throws<LogsqlException>(() => Read("extra_filters", "(a"));

    static string[] Read(string name, string text)
    {
        var context = new DefaultHttpContext();
        context.Request.QueryString = QueryString.Create(name, text);
        var arguments = RequestArguments.ReadAsync(context).Result;
        return [.. ExtraFilters.Of(arguments, 0, null).Select(filter => filter.ToString()!)];
    }

    static string QueryText(string text) => Puppylog.Query.QueryParser.Parse(text, 0).ToString();
}
