using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Puppylog.Processing;
using Puppylog.Processing.Options;
using Puppylog.Records;
using Puppylog.Tests.Pipeline;
using Puppylog.Tests.Storage.Blocks;

namespace Puppylog.Tests.Processing;

/// <summary>Random chains over random batches do what a plain loop over records does, whatever holds the values.</summary>
public sealed class ProcessorChainModelTests
{
    static readonly string[] Names = ["a", "b", "c", "route", "path", "level"];
    static readonly string[] Values = ["", "1", "2", "x", "/s/t?q=1", "0123456789abcdefghij", "é€éé€éé€éé€éé€é"];

    static readonly RecordShape Derived = new(
        "derived", [LineTemplate.Parse("{route|-} {a}")], [new("path", "route", DerivedFunction.Path), new("section", "route", DerivedFunction.Section)]);

    [Fact]
    public void Chain_does_what_a_loop_over_records_does() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), Check).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact]
    public void Block_of_a_processed_batch_has_its_fields_and_lines() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), CheckBlock).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    static void Check(int seed)
    {
        var random = new Random(seed);
        var isDerived = random.Next(2) == 0;
        var options = Enumerable.Range(0, random.Next(1, 5)).Select(_ => RandomOptions(random)).ToList();
        var chain = new ProcessorChain(options, new PlayedClock());
        var naive = new NaiveChain(options);
        for (var batches = 0; batches < 2; batches++)
        {
            var rows = Enumerable.Range(0, random.Next(1, 80)).Select(_ => RandomRow(random, isDerived)).ToList();
            var places = random.Next();
            var batch = Row.Batch(rows, isDerived ? Derived : RecordShape.Plain, (name, row) => !FieldNames.IsWellKnown(name) && (StableHash.Mix((ulong)(places + row)) & 3) == 0);
            chain.Apply(batch);
            var expected = naive.Apply(rows, isDerived);
            var read = Row.Read(new BatchView(batch));
            Assert.Equal(expected.Select(row => row.ToString()), read.Select(row => row.ToString()));
        }
    }

    static void CheckBlock(int seed)
    {
        var random = new Random(seed);
        var options = Enumerable.Range(0, random.Next(1, 4)).Select(_ => RandomOptions(random)).ToList();
        var rows = Enumerable.Range(0, random.Next(1, 80)).Select(_ => RandomRow(random, isDerived: true)).ToList();
        var batch = Row.Batch(rows, Derived, (name, _) => name == "c");
        new ProcessorChain(options, new PlayedClock()).Apply(batch);
        if (batch.Count > 0)
        {
            var expected = Row.Read(new BatchView(batch)).Select(row => row.ToString());
            Assert.Equal(expected, Row.Read(BlockRoundTripTests.RoundTrip(batch)).Select(row => row.ToString()));
        }
    }

    static Row RandomRow(Random random, bool isDerived)
    {
        var row = new Row { ["_time"] = random.Next(100).ToString(CultureInfo.InvariantCulture) };
        foreach (var name in Names)
        {
            if (random.Next(3) > 0 && !(isDerived && name == "path"))
            {
                row[name] = Values[random.Next(Values.Length)];
            }
        }

        return row;
    }

    static ProcessorOptions RandomOptions(Random random)
    {
        var name = Names[random.Next(Names.Length)];
        var other = Names.Where(each => each != name).ElementAt(random.Next(Names.Length - 1));
        var where = random.Next(3) == 0 ? $"{Names[random.Next(Names.Length)]}:=\"{Values[random.Next(1, 5)]}\"" : null;
        return random.Next(8) switch
        {
            0 => new AddOptions(name, "added") { Overwrite = random.Next(2) == 0, Where = where },
            1 => new RenameOptions(name, random.Next(3) == 0 ? "fresh" : other) { Where = where },
            2 => new RemoveOptions([name, other]) { Where = where },
            3 => new FilterOptions($"{name}:=\"{Values[random.Next(1, 5)]}\"", random.Next(4) == 0) { Where = where },
            4 => new DeduplicateOptions { Fields = [name, other], Window = TimeSpan.FromSeconds(random.Next(1, 60)), Where = where },
            5 => new CapOptions { MaxLength = 16, Where = where },
            6 => new RenameOptions(name, "_msg") { Where = where },
            _ => new SampleOptions(0.7) { By = name, Where = where },
        };
    }
}
