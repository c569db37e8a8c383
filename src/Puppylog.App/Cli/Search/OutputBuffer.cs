using Microsoft.Win32.SafeHandles;

namespace Puppylog.App.Cli.Search;

/// <summary>Standard output behind one large buffer. When the reader has gone away it swallows what is left.</summary>
sealed class OutputBuffer(Stream target) : IDisposable
{
    const int FullBytes = 64 << 10;

    byte[] _bytes = new byte[2 * FullBytes];

    /// <summary>True when nobody reads any more.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>What the first write that failed said; null while none has.</summary>
    public IOException? Failure { get; private set; }

    /// <summary>Bytes that were written so far.</summary>
    public long Written { get; private set; }

    /// <summary>Bytes that are not written yet; give it to <see cref="Truncate"/> to take back what was added since.</summary>
    public int Length { get; private set; }

    /// <summary>Standard output, whose end is noticed: the framework's own console stream ignores a broken pipe.</summary>
    public static OutputBuffer OpenStandardOutput()
    {
        var pipe = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return new(pipe.CanSeek ? Console.OpenStandardOutput() : pipe);
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        Length += bytes.Length;
    }

    public void Write(byte value)
    {
        Reserve(1)[0] = value;
        Length++;
    }

    public void Truncate(int length) => Length = Math.Min(Length, length);

    /// <summary>A record is complete: writes when the buffer is full. False when nobody reads any more.</summary>
    public bool EndRecord() => Length < FullBytes || Flush();

    public bool Flush()
    {
        try
        {
            if (!IsClosed)
            {
                target.Write(_bytes.AsSpan(0, Length));
                target.Flush();
                Written += Length;
            }
        }
        catch (IOException e)
        {
            Failure ??= e;
            IsClosed = true;
        }

        Length = 0;
        return !IsClosed;
    }

    public void Dispose() => Flush();

    Span<byte> Reserve(int size)
    {
        if (_bytes.Length - Length < size)
        {
            Array.Resize(ref _bytes, Math.Max(Length + size, _bytes.Length * 2));
        }

        return _bytes.AsSpan(Length);
    }
}
