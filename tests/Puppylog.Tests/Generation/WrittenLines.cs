using System.Text;

namespace Puppylog.Tests.Generation;

/// <summary>Keeps every write with the time at which it came.</summary>
sealed class WrittenLines(ImpatientClock clock, Action<int>? onWrite = null) : MemoryStream
{
    public List<(TimeSpan At, int Lines)> Writes { get; } = [];

    public override bool CanSeek => false;

    public string[] Lines => Encoding.ASCII.GetString(ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public override void Write(byte[] buffer, int offset, int count)
    {
        Writes.Add((clock.Elapsed, buffer.AsSpan(offset, count).Count((byte)'\n')));
        base.Write(buffer, offset, count);
        onWrite?.Invoke(Writes.Count);
    }
}
