using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Puppylog.Parsing.Times;

namespace Puppylog.Tests.Parsing.Times;

public sealed class TimeShapesTests
{
    static readonly string[] Written =
    [
        "2026/11/22 10:00:00", "26/11/22 10:00:00", "Nov  2 10:00:00", "Nov 22 10:00:00.123", "Nov 22, 2026 10:00:00", "Nov 22 2026 10:00:00",
        "Nov  2 2026 10:00:00", "Sun Nov 22 10:00:00 2026", "Sun Nov  1 10:00:00 2026", "Sun, 22 Nov 2026 10:00:00", "11-22 10:00:00.5", "22/Nov/2026:10:00:00",
        "22-Nov-2026 10:00:00", "22/Nov/2026 10:00:00", "22 Nov 2026 10:00:00,123", "22.11.2026 10:00:00", "11/22/2026 10:00:00", "2026-11-22 10:00:00:123",
        "20261122 10:00:00", "20261122T100000", "261122 100000", "10:00:00.123",
    ];

    [Fact]
    public void Each_shape_is_read() => Assert.All(Written, text => Assert.True(new TimeShapes().TryRead(Encoding.UTF8.GetBytes(text + " x"), 0, out _, out var length, out _) && length == text.Length, text));

    /// <summary>What is remembered of beginnings that no shape has must not refuse what one has.</summary>
    [Fact]
    public void What_was_read_before_changes_nothing() => Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
    {
        var random = new Random(seed);
        var shapes = new TimeShapes();
        for (var i = 0; i < 500; i++)
        {
            var text = Encoding.UTF8.GetBytes(Written[random.Next(Written.Length)] + " and more");
            for (var left = random.Next(4); left > 0; left--)
            {
                text[random.Next(12)] = random.Next(3) == 0 ? (byte)random.Next(256) : "0159aZ: /"u8[random.Next(9)];
            }

            var expected = new TimeShapes().TryRead(text, 0, out _, out _, out _);
            Assert.Equal(expected, shapes.TryRead(text, 0, out _, out _, out _));
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(30));
}
