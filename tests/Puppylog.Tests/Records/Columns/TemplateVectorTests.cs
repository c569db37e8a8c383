using System.Text;
using Puppylog.Records.Columns;

namespace Puppylog.Tests.Records.Columns;

public sealed class TemplateVectorTests
{
    [Fact]
    public void Value_is_composed_of_the_template_and_the_variables_at_the_rank_of_the_record()
    {
        var vector = new TemplateVector(
            6,
            [1, 0, 2, 1, 3, 1],
            [new([new("took "u8.ToArray()), new(0), new(" ms for "u8.ToArray()), new(1)], 3), new([new("started"u8.ToArray())], 1), new([new(2)], 1)],
            [new IntegerVector(3, [5, 17, 99], null), new ConstantVector(3, new byte[400]), new ConstantVector(1, "anything"u8.ToArray())]);
        var zeros = Encoding.UTF8.GetString(new byte[400]);
        Assert.Equal(
            [$"took 5 ms for {zeros}", "", "started", $"took 17 ms for {zeros}", "anything", $"took 99 ms for {zeros}"],
            Enumerable.Range(0, 6).Select(row => Encoding.UTF8.GetString(vector.Value(row))));
        Assert.Equal([0, 0, 0, 1, 0, 2], vector.Ranks);
        Assert.Equal([true, false, true, true, true, true], Enumerable.Range(0, 6).Select(vector.IsPresent));
    }
}
