using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Puppylog.Tests.Alerts.Notifiers;

/// <summary>An HTTP server on loopback that works, fails, hangs, asks for patience or takes and then breaks off, at random.</summary>
/// <remarks>Spoken by hand: <c>HttpListener</c> answers 200 where it is told to break off.</remarks>
sealed class FlakyReceiver : IAsyncDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _stop = new();
    readonly Random _random;
    readonly bool _isFlaky;
    readonly List<Task> _answers = [];
    readonly Task _run;

    public FlakyReceiver(int seed, bool isFlaky = true)
    {
        (_random, _isFlaky) = (new Random(seed), isFlaky);
        _listener.Start();
        Url = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");
        _run = RunAsync();
    }

    /// <summary>How it answers first, before it answers at random or well: 0 to 4 as below.</summary>
    public Queue<int> First { get; } = [];

    public Uri Url { get; }

    /// <summary>Whole bodies that came, and whether they were answered with 200.</summary>
    public List<(string Body, string? Authorization, bool Acknowledged)> Requests { get; } = [];

    /// <summary>Which answers were given.</summary>
    public HashSet<int> Answers { get; } = [];

    public IEnumerable<string> Keys(bool acknowledged) => Requests.Where(request => request.Acknowledged || !acknowledged).SelectMany(request =>
        JsonDocument.Parse(request.Body).RootElement.GetProperty("notices").EnumerateArray().Select(notice => notice.GetProperty("key").GetString()!));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _run;
        await Task.WhenAll(_answers);
        _stop.Dispose();
    }

    async Task RunAsync()
    {
        try
        {
            while (true)
            {
                _answers.Add(AnswerAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    async Task AnswerAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                var (head, body) = await ReadAsync(stream);
                var authorization = head.Split("\r\n").FirstOrDefault(line => line.StartsWith("Authorization: ", StringComparison.Ordinal))?[15..];
                int act;
                lock (Requests)
                {
                    act = First.TryDequeue(out var chosen) ? chosen : _isFlaky ? _random.Next(5) : 0;
                    Answers.Add(act);
                    Requests.Add((body, authorization, act == 0));
                }

                var answer = act switch
                {
                    0 => "200 OK",
                    1 => "429 Too Many Requests\r\nRetry-After: 0",
                    2 => "500 Internal Server Error",
                    _ => "",
                };
                if (act == 3)
                {
                    await Task.Delay(Timeout.Infinite, _stop.Token);
                }

                if (answer.Length > 0)
                {
                    await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {answer}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), _stop.Token);
                }
            }
            catch (Exception error) when (error is OperationCanceledException or IOException)
            {
                // The client left first.
            }
        }
    }

    async Task<(string Head, string Body)> ReadAsync(NetworkStream stream)
    {
        var bytes = new List<byte>();
        var buffer = new byte[4096];
        while (true)
        {
            var text = Encoding.UTF8.GetString([.. bytes]);
            var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end >= 0)
            {
                var length = text[..end].Split("\r\n").First(line => line.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase))[16..];
                if (bytes.Count - (end + 4) >= int.Parse(length, System.Globalization.CultureInfo.InvariantCulture))
                {
                    return (text[..end], text[(end + 4)..]);
                }
            }

            var read = await stream.ReadAsync(buffer, _stop.Token);
            if (read == 0)
            {
                throw new IOException("the client left");
            }

            bytes.AddRange(buffer.AsSpan(0, read));
        }
    }
}
