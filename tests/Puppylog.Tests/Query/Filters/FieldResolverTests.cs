using System.Text;
using Puppylog.Query.Filters;

namespace Puppylog.Tests.Query.Filters;

public sealed class FieldResolverTests
{
    [Theory]
    [InlineData("a", "a")]
    [InlineData("data.a", "data.a")]
    [InlineData("b", "data.b")]
    [InlineData("data.c", "c")]
    [InlineData("message", "_msg")]
    [InlineData("data._msg", null)]
    [InlineData("data.message", null)]
    [InlineData("_line.zone", null)]
    [InlineData("none", null)]
    public void Name_means_the_field_or_the_one_of_its_two_names_that_exists(string name, string? expected)
    {
        var view = new VectorView(1);
        foreach (var field in new[] { "a", "data.a", "data.b", "c", "_msg", "_line.zone" })
        {
            view.With(field, VectorView.Vector([Encoding.UTF8.GetBytes(field)], VectorView.Shape.Text));
        }

        var column = FieldResolver.Resolve(view, name);
        Assert.Equal(expected, column is null ? null : Encoding.UTF8.GetString(column.Value(0)));
    }

    [Fact]
    public void Time_is_the_records_time_unless_a_pipe_made_a_field_of_that_name()
    {
        var view = new VectorView(1);
        Assert.Same(view.Times, FieldResolver.Resolve(view, "time"));
        view.With("time", VectorView.Vector(["x"u8.ToArray()], VectorView.Shape.Text));
        Assert.NotSame(view.Times, FieldResolver.Resolve(view, "time"));
    }
}
