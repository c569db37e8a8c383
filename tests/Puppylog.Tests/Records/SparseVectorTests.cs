using FsCheck;
using FsCheck.Fluent;
using Puppylog.Records.Columns;

namespace Puppylog.Tests.Records;

public sealed class SparseVectorTests
{
    [Fact]
    public void Rows_may_be_asked_for_in_any_order() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var rows = Enumerable.Range(0, 200).Where(_ => random.Next(10) < 3).ToArray();
            var vector = new SparseVector(200, rows, new IntegerVector(rows.Length, [.. rows.Select(row => (long)row)], null));
            var asked = 0;
            for (var i = 0; i < 500; i++)
            {
                asked = random.Next(3) == 0 ? random.Next(200) : Math.Min(199, asked + random.Next(3));
                Assert.Equal(rows.Contains(asked), vector.IsPresent(asked));
                Assert.Equal(rows.Contains(asked) ? $"{asked}" : "", System.Text.Encoding.ASCII.GetString(vector.Value(asked)));
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Index_names_the_fields_of_each_record()
    {
        var random = new Random(5);
        var fields = Enumerable.Range(0, 100).Select(_ => Enumerable.Range(0, 50).Where(_ => random.Next(10) == 0).ToArray()).ToArray();
        var index = SparseIndex.Of(50, [.. fields.Select(rows => new SparseVector(50, rows, new ConstantVector(rows.Length, [])))]);
        for (var row = 0; row < 50; row++)
        {
            Assert.Equal(Enumerable.Range(0, 100).Where(field => fields[field].Contains(row)), index.Fields(row).ToArray());
        }
    }
}
