using FsCheck;
using FsCheck.Fluent;
using Puppylog.Records;
using Puppylog.Storage.Embedded.Blocks;

namespace Puppylog.Tests.Storage.Blocks;

public sealed class ValueDictionaryTests
{
    /// <summary>Values of all lengths that hashes treat differently, of few bytes, so that many are equal or nearly so; null where absent.</summary>
    static byte[]?[] Values(int count, int distinct, int seed)
    {
        var random = new Random(seed);
        var pool = new byte[]?[distinct];
        for (var i = 0; i < distinct; i++)
        {
            var value = new byte[random.Next(4) == 0 ? random.Next(150) : random.Next(12)];
            foreach (ref var b in value.AsSpan())
            {
                b = (byte)random.Next(2);
            }

            pool[i] = random.Next(20) == 0 ? null : value;
        }

        return [.. Enumerable.Range(0, count).Select(_ => pool[random.Next(distinct)])];
    }

    static bool IsTrue(byte[]?[] values, Func<ValueDictionary, ColumnInputs, bool> build)
    {
        var inputs = new ColumnInputs(values);
        var dictionary = new ValueDictionary();
        if (!build(dictionary, inputs))
        {
            return true;
        }

        var codes = dictionary.Codes(values.Length);
        var next = 0;
        var seen = new HashSet<string>();
        for (var i = 0; i < values.Length; i++)
        {
            int code = codes[i];
            var isAbsent = values[i] is null;
            if (isAbsent != (code == dictionary.AbsentCode) || !dictionary.Value(code).SequenceEqual(values[i]) || code > next)
            {
                return false;
            }

            if (code == next)
            {
                next++;
                if (!seen.Add(isAbsent ? "absent" : Convert.ToHexString(values[i]!)))
                {
                    return false;
                }
            }
        }

        return next == dictionary.Count;
    }

    sealed class ColumnInputs
    {
        readonly byte[] _bytes;
        readonly ByteSpan[] _spans;
        readonly int[] _rows;

        public ColumnInputs(byte[]?[] values)
        {
            _spans = new ByteSpan[values.Length];
            var bytes = new List<byte>();
            for (var i = 0; i < values.Length; i++)
            {
                _spans[i] = values[i] is { } value ? new(bytes.Count, value.Length) : ByteSpan.Absent;
                bytes.AddRange(values[i] ?? []);
            }

            // Nothing behind the last value: no hash may read on.
            _bytes = [.. bytes];
            _rows = [.. Enumerable.Range(0, values.Length)];
        }

        public ColumnInput Input => new() { Bytes = _bytes, Spans = _spans, Rows = _rows };
    }

    [Fact]
    public void Each_distinct_value_has_one_code_in_the_order_of_its_first_occurrence() =>
        Prop.ForAll(
            Gen.Choose(1, 6000).Zip(Gen.Choose(1, 3000)).Zip(Gen.Choose(0, int.MaxValue)).ToArbitrary(),
            script => IsTrue(Values(script.Item1.Item1, script.Item1.Item2, script.Item2), (dictionary, column) => dictionary.TryBuild(column.Input, 1 << 16)))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Going_on_after_too_many_values_is_as_building_at_once() =>
        Prop.ForAll(
            Gen.Choose(1, 6000).Zip(Gen.Choose(1, 3000)).Zip(Gen.Choose(0, int.MaxValue)).ToArbitrary(),
            script =>
            {
                var values = Values(script.Item1.Item1, script.Item1.Item2, script.Item2);
                var (whole, column) = (new ValueDictionary(), new ColumnInputs(values));
                var pays = whole.TryBuild(column.Input, 1 << 16);
                var agrees = true;
                return IsTrue(values, (dictionary, input) =>
                {
                    var built = dictionary.TryBuild(input.Input, 40) || dictionary.TryContinue(input.Input, 1 << 16);
                    agrees = built == pays && (!built || dictionary.Codes(values.Length).SequenceEqual(whole.Codes(values.Length)));
                    return built;
                }) && agrees;
            }).QuickCheckThrowOnFailure();

    [Fact]
    public void Values_that_differ_in_kind_alone_have_codes_of_their_own()
    {
        var batch = new RecordBatch(RecordShape.Plain);
        var column = batch.Column("x");
        var value = batch.Append("200"u8);
        for (var i = 0; i < 10; i++)
        {
            batch.Add(0, value, value, 0);
            column.Set(i, value, i % 2 == 0 ? ValueKind.Text : ValueKind.Number);
        }

        var dictionary = new ValueDictionary();
        int[] rows = [.. Enumerable.Range(0, 10)];
        Assert.True(dictionary.TryBuild(new() { Bytes = batch.Bytes, Spans = column.Spans(10), Rows = rows, Kinds = column }, 256));
        Assert.Equal(2, dictionary.Count);
        Assert.Equal([0, 1, 0, 1], dictionary.Codes(4).ToArray());
    }
}
