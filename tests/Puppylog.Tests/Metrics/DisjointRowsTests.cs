using Puppylog.Metrics;
using Puppylog.Records;

namespace Puppylog.Tests.Metrics;

public sealed class DisjointRowsTests
{
    [Fact]
    public void Each_row_is_in_one_set_for_all_filters_that_match_it()
    {
        var random = new Random(5);
        var apart = 0;
        for (var attempt = 0; attempt < 500; attempt++)
        {
            var rows = random.Next(1, 300);
            // Mostly ranges within each other, as of thresholds; now and then anything.
            var sets = Enumerable.Range(0, random.Next(1, 9)).Select(number =>
            {
                var (from, to) = (random.Next(rows), random.Next(rows));
                return Set(rows, number, row => attempt % 5 == 0 ? random.Next(2) == 0 : attempt % 2 == 0 ? row <= from : row >= Math.Min(from, to) && row <= Math.Max(from, to));
            }).Where(set => !set.Rows.IsEmpty()).ToList();
            if (DisjointRows.Of(sets, rows) is not { } parts)
            {
                continue;
            }

            apart++;
            Assert.True(parts.Count <= sets.Count);
            for (var row = 0; row < rows; row++)
            {
                var of = parts.Where(part => part.Rows[row]).ToList();
                Assert.True(of.Count <= 1);
                Assert.Equal(sets.Where(set => set.Rows[row]).SelectMany(set => set.Filters).Select(filter => filter.Number), of.SelectMany(part => part.Filters).Select(filter => filter.Number));
            }
        }

        Assert.InRange(apart, 150, 450);
    }

    [Fact]
    public void Sets_that_are_apart_or_would_become_more_stay_as_they_are()
    {
        Assert.Null(DisjointRows.Of([Set(100, 0, row => row < 40), Set(100, 1, row => row >= 40)], 100));
        Assert.Null(DisjointRows.Of([Set(100, 0, row => row % 2 == 0), Set(100, 1, row => row % 3 == 0)], 100));
        Assert.Equal(2, DisjointRows.Of([Set(100, 0, row => row % 2 == 0), Set(100, 1, row => row % 4 == 0)], 100)!.Count);
    }

    static RowSet Set(int rows, int number, Func<int, bool> contains)
    {
        var set = new RowBitmap(rows);
        for (var row = 0; row < rows; row++)
        {
            set[row] = contains(row);
        }

        return new(set, [new(number, [], [], [])]);
    }
}
