using System.Buffers;
using System.Text;

namespace Puppylog.EndToEnd.Harness;

/// <summary>What a program has written to one of its outputs so far. Thread-safe.</summary>
sealed class Transcript
{
    readonly Lock _gate = new();
    readonly ArrayBufferWriter<byte> _bytes = new();

    public byte[] Bytes
    {
        get
        {
            lock (_gate)
            {
                return _bytes.WrittenSpan.ToArray();
            }
        }
    }

    public string Text => Encoding.UTF8.GetString(Bytes);

    /// <summary>The complete lines.</summary>
    public string[] Lines => Text.Split('\n')[..^1];

    /// <summary>Ends with the stream.</summary>
    public async Task ReadAsync(Stream stream)
    {
        var buffer = new byte[64 << 10];
        int read;
        while ((read = await stream.ReadAsync(buffer)) > 0)
        {
            lock (_gate)
            {
                _bytes.Write(buffer.AsSpan(0, read));
            }
        }
    }
}
