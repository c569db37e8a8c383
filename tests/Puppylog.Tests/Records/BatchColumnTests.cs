using FsCheck;
using FsCheck.Fluent;
using Puppylog.Records;

namespace Puppylog.Tests.Records;

public sealed class BatchColumnTests
{
    [Fact]
    public void Column_holds_what_was_set_however_few_records_have_it() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var column = new BatchColumn("f");
            for (var use = 0; use < 3; use++)
            {
                column.Clear();
                Check(column, random);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    static void Check(BatchColumn column, Random random)
    {
        var model = new SortedDictionary<int, (ByteSpan Span, ValueKind Kind)>();
        var hasKinds = random.Next(2) == 0;
        var row = 0;
        for (var left = random.Next(200); left > 0; left--)
        {
            // Runs of records with the field, then gaps of all sizes; now and then one that was set before.
            row += random.Next(3) == 0 ? random.Next(random.Next(1, 400)) : 1;
            var at = random.Next(20) == 0 && model.Count > 0 ? model.Keys.ElementAt(random.Next(model.Count)) : row;
            var span = new ByteSpan(random.Next(1000), random.Next(10));
            if (random.Next(40) == 0)
            {
                var end = at + random.Next(30);
                column.Fill(at, end, span);
                for (var filled = at; filled < end; filled++)
                {
                    model[filled] = (span, hasKinds ? column.Kind(filled) : ValueKind.Text);
                }

                row = Math.Max(row, end);
            }
            else if (hasKinds)
            {
                model[at] = (span, (ValueKind)random.Next(5));
                column.Set(at, span, model[at].Kind);
            }
            else
            {
                model[at] = (span, ValueKind.Text);
                column.Set(at, span);
            }
        }

        Assert.Equal(model.Count > 0, column.IsUsed);
        Assert.Equal(model.Count, column.CountValues());
        var count = row + 1 + random.Next(100);
        if (random.Next(2) == 0)
        {
            var spans = column.Spans(count);
            for (var i = 0; i < count; i++)
            {
                Assert.Equal(model.TryGetValue(i, out var value) ? value.Span : ByteSpan.Absent, spans[i]);
            }
        }

        for (var i = 0; i < count; i++)
        {
            Assert.Equal(model.TryGetValue(i, out var value) ? value.Span : ByteSpan.Absent, column.Span(i));
            Assert.True(!model.ContainsKey(i) || model[i].Kind == column.Kind(i), $"kind of {i}");
        }

        // In any order, too.
        for (var i = 0; i < 200; i++)
        {
            var any = random.Next(count + 10);
            Assert.Equal(model.TryGetValue(any, out var value) ? value.Span : ByteSpan.Absent, column.Span(any));
        }

        if (column.IsSparse)
        {
            Assert.Equal(model.Keys, column.Rows.ToArray());
        }
    }

    [Fact]
    public void Field_of_few_records_costs_by_its_values()
    {
        var column = new BatchColumn("f");
        for (var row = 0; row < RecordBatch.MaxRecords; row += 1000)
        {
            column.Set(row, new(row, 3), ValueKind.Number);
        }

        Assert.InRange(column.Room, 1, 4096);
    }

    [Fact]
    public void Field_of_most_records_takes_a_span_per_record()
    {
        var column = new BatchColumn("f");
        for (var row = 0; row < 10_000; row++)
        {
            if (row > 5 && row % 3 != 0)
            {
                column.Set(row, new(row, 3));
            }
        }

        Assert.False(column.IsSparse);
    }
}
