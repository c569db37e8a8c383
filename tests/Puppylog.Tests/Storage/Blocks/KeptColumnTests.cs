using Puppylog.Records;
using Puppylog.Storage.Embedded.Blocks;

namespace Puppylog.Tests.Storage.Blocks;

public sealed class KeptColumnTests
{
    public static TheoryData<string, int> Cases()
    {
        var data = new TheoryData<string, int>();
        foreach (var kind in ValueKinds.All.Keys)
        {
            data.Add(kind, 50);
            data.Add(kind, 5000);
        }

        return data;
    }

    /// <summary>One block after the other, so that what is kept of one does not show in the next.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Columns_that_are_kept_are_those_that_would_be_decoded(string kind, int count)
    {
        var encoder = new BlockEncoder();
        var random = new Random(count);
        for (var block = 0; block < 2; block++)
        {
            // Of two ways to derive e the first holds; g is stored and hides what would be derived.
            var builder = new BatchBuilder(RecordShape.Plain with { Derived = [new("e", "f", DerivedFunction.Section), new("p", "f", DerivedFunction.Path), new("e", "g", DerivedFunction.Path), new("g", "f", DerivedFunction.Section)] });
            for (var i = 0; i < count; i++)
            {
                builder.Add(i * 1_000_003L % 7_777, "line"u8.ToArray(), ("f", ValueKinds.All[kind](random, i), ValueKind.Text), ("g", ValueKinds.All[kind](random, i), (ValueKind)(i % 3)), ("h", i % 50 == 0 ? "x"u8.ToArray() : null, ValueKind.Text), ("i", i % 3 == 0 ? null : ValueKinds.All["integers"](random, i), ValueKind.Text));
            }

            var encoded = encoder.Encode(builder.Batch, BatchBuilder.AllRows(builder.Batch), new HashSet<string> { "f", "g", "h", "i", "e", "p" });
            var (kept, decoded) = (BlockReader.Open(new MemoryBlockBytes(encoded.Body, encoded.Kept)), BlockReader.Open(new MemoryBlockBytes(encoded.Body)));
            foreach (var name in (string[])["f", "g", "h", "i", "e", "p", FieldNames.Time])
            {
                var (a, b) = (kept.Column(name), decoded.Column(name));
                Assert.Equal(b is null, a is null);
                for (var row = 0; a is not null && row < count; row++)
                {
                    Assert.Equal((b!.IsPresent(row), b.Kind(row)), (a.IsPresent(row), a.Kind(row)));
                    Assert.Equal(b.Value(row).ToArray(), a.Value(row).ToArray());
                }
            }
        }
    }

    [Theory]
    [InlineData("few", true)]
    [InlineData("many", true)]
    [InlineData("integers", true)]
    [InlineData("unique", false)]
    public void What_is_a_dictionary_or_integers_and_is_asked_for_is_kept(string kind, bool isKept)
    {
        var builder = new BatchBuilder();
        var random = new Random(1);
        for (var i = 0; i < 5000; i++)
        {
            builder.Add(i, "line"u8.ToArray(), ("f", ValueKinds.All[kind](random, i), ValueKind.Text), ("other", ValueKinds.All[kind](random, i), ValueKind.Text));
        }

        var encoded = new BlockEncoder().Encode(builder.Batch, BatchBuilder.AllRows(builder.Batch), new HashSet<string> { "f" });
        Assert.Equal(isKept, encoded.Kept!.Find("f") is not null);
        Assert.Null(encoded.Kept.Find("other"));
    }
}
