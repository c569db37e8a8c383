using System.Net.WebSockets;
using System.Text;
using Puppylog.App.Cli.Search;
using Puppylog.Records;

namespace Puppylog.App.Api.Tail;

/// <summary>
/// WebSocket (RFC 6455): a text message each, <c>{"id":"17-3","record":{…}}</c>, <c>{"id":…,"skipped":12}</c>,
/// <c>{"id":…,"reset":true}</c>. The protocol's own pings say that the connection lives.
/// </summary>
sealed class SocketOutput : ITailOutput, IDisposable
{
    readonly WebSocket _socket;
    readonly CancellationToken _cancellation;
    readonly MemoryStream _message = new();
    readonly OutputBuffer _output;
    readonly JsonResultWriter _json;
    bool _isGone;

    public SocketOutput(WebSocket socket, CancellationToken cancellation)
    {
        (_socket, _cancellation) = (socket, cancellation);
        _output = new(_message);
        _json = new(_output);
    }

    public void Row(RecordView view, int row, TailCursor cursor)
    {
        _output.Write(Encoding.ASCII.GetBytes($"{{\"id\":\"{cursor}\",\"record\":"));
        _json.Write(view, [row]);
        // Takes the line's end back.
        _output.Truncate(_output.Length - 1);
        _output.Write((byte)'}');
        Send();
    }

    public void Skipped(long records, TailCursor cursor)
    {
        _output.Write(Encoding.ASCII.GetBytes($"{{\"id\":\"{cursor}\",\"skipped\":{records}}}"));
        Send();
    }

    public void Reset(TailCursor cursor)
    {
        _output.Write(Encoding.ASCII.GetBytes($"{{\"id\":\"{cursor}\",\"reset\":true}}"));
        Send();
    }

    public bool Flush() => !_isGone && _socket.State == WebSocketState.Open;

    public bool Beat() => Flush();

    public void Dispose()
    {
        _output.Dispose();
        _message.Dispose();
    }

    void Send()
    {
        _output.Flush();
        var message = _message.GetBuffer().AsMemory(0, (int)_message.Length);
        try
        {
            if (!_isGone)
            {
                _socket.SendAsync(message, WebSocketMessageType.Text, WebSocketMessageFlags.EndOfMessage, _cancellation).AsTask().GetAwaiter().GetResult();
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            _isGone = true;
        }

        _message.SetLength(0);
    }
}
