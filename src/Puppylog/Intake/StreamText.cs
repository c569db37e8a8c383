namespace Puppylog.Intake;

/// <summary>Composes the text of a <c>_stream</c>, <c>{app="web",host="a"}</c>, in room that is used again.</summary>
sealed class StreamText
{
    byte[] _bytes = new byte[256];
    int _length;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    public bool IsEmpty => _length <= 2;

    public void Begin()
    {
        _length = 0;
        Put((byte)'{');
    }

    public void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (_length > 1)
        {
            Put((byte)',');
        }

        Put(name);
        Put("=\""u8);
        while (value.IndexOfAny((byte)'\\', (byte)'"', (byte)'\n') is >= 0 and var at)
        {
            Put(value[..at]);
            Put((byte)'\\');
            Put(value[at] == '\n' ? (byte)'n' : value[at]);
            value = value[(at + 1)..];
        }

        Put(value);
        Put((byte)'"');
    }

    public void End() => Put((byte)'}');

    void Put(byte one) => Put([one]);

    void Put(ReadOnlySpan<byte> bytes)
    {
        if (_bytes.Length - _length < bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_length + bytes.Length, _bytes.Length * 2));
        }

        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
    }
}
