using System.Text;
using Puppylog.Records;
using Puppylog.Sources;

namespace Puppylog.Tests.Sources;

public sealed class FingerprintTests
{
    const int Marked = 1 << 16;

    static readonly byte[] One = Tail("c003 line 0005\n c003 line 0006\nc003 line 0007\n");
    // Its hash has the same 16 bits in the fingerprint.
    static readonly byte[] Other = Tail("c010 line 0022\nc010 line 0023\n c010 line 0024\n");

    [Fact]
    public void Contents_whose_ends_share_16_bits_of_their_hash_are_told_apart()
    {
        var position = Position(One);

        Assert.Equal(position.Fingerprint, Position(Other).Fingerprint);
        Assert.True(Fingerprint.HasTail(position, One));
        Assert.False(Fingerprint.HasTail(position, Other));
    }

    [Fact]
    public void Positions_of_earlier_versions_have_16_bits_only()
    {
        var position = Position(One);
        var old = position with { FingerprintLength = Fingerprint.HeadLengthOf(position) | Marked };

        Assert.True(Fingerprint.HasTail(old, One));
        Assert.True(Fingerprint.HasTail(old, Other));
        Assert.False(Fingerprint.HasTail(old, Tail("another\n")));
    }

    [Fact]
    public void Length_of_the_head_is_not_touched_by_what_stands_above_it()
    {
        Assert.Equal(1024, Fingerprint.HeadLengthOf(Position(One)));
        Assert.True(Position(One).FingerprintLength > 0);
    }

    [Fact]
    public void Unknown_end_is_any() => Assert.True(Fingerprint.HasTail(Position([]), One));

    static byte[] Tail(string end) => Encoding.ASCII.GetBytes((new string('#', 256) + "\n" + end)[^256..]);

    static SourcePosition Position(byte[] tail)
    {
        var (length, value) = Fingerprint.Of(Encoding.ASCII.GetBytes(new string('#', 1024)), tail, born: 1);
        return new("file:1:2", 0, 1447, 4, "/a.log", length, value);
    }
}
