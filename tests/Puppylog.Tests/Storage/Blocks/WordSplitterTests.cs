using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Puppylog.Records;
using Puppylog.Storage.Embedded.Blocks.WordFilters;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Tests.Storage.Blocks;

public sealed class WordSplitterTests
{
    static byte[] Filter(Action<WordFilterBuilder> add)
    {
        var (builder, target) = (new WordFilterBuilder(), new ByteWriter());
        builder.Clear();
        add(builder);
        builder.Write(target);
        return target.Written.ToArray();
    }

    [Fact]
    public void Words_are_the_common_definitions_wherever_the_value_lies() =>
        Prop.ForAll(
            Gen.ArrayOf(Gen.Frequency(
                (12, Gen.Elements("abcdefgxyzABZ0189_".ToCharArray())), (3, Gen.Elements(" /.-?=&%".ToCharArray())), (1, Gen.Elements("éß→𐐀".ToCharArray()))))
                .Zip(Gen.Choose(0, 70)).Zip(Gen.Choose(0, 70)).ToArbitrary(),
            script =>
            {
                var ((text, before), after) = script;
                var value = Encoding.UTF8.GetBytes(text);
                byte[] among = [.. Enumerable.Repeat((byte)'q', before), .. value, .. Enumerable.Repeat((byte)'w', after)];
                var expected = Filter(filter =>
                {
                    var at = 0;
                    while (Words.TryNext(value, ref at, out var word))
                    {
                        if (IndexedWords.IsIndexed(word))
                        {
                            filter.Add(WordHash.Compute(word));
                        }
                    }
                });
                return Filter(filter => WordSplitter.AddWords(value, filter)).AsSpan().SequenceEqual(expected)
                    && Filter(filter => WordSplitter.AddWords(among, before, value.Length, filter)).AsSpan().SequenceEqual(expected);
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(70_000)]
    [InlineData(200_000)]
    public void Filter_has_every_word_and_few_others_however_many_come(int count)
    {
        var filter = Filter(builder =>
        {
            for (var i = 0; i < count; i++)
            {
                builder.Add(Hash(i));
                builder.Add(Hash(i / 2));
            }
        });
        var found = 0;
        for (var i = 0; i < count; i++)
        {
            Assert.True(WordFilter.MayContain(filter, Hash(i)));
            found += WordFilter.MayContain(filter, Hash(-1 - i)) ? 1 : 0;
        }

        Assert.InRange(found, 0, (count * 7 / 100) + 1);
        Assert.InRange(filter.Length * 8.0 / count, 6, 256);
    }

    static ulong Hash(int word) => WordHash.Compute(Encoding.ASCII.GetBytes($"word{word}"));
}
