namespace Puppylog.EndToEnd.Harness;

/// <summary>A store with the real access log collected into it once, for the tests that only read.</summary>
public sealed class CollectedAccessLog(PublishedProgram program) : IAsyncLifetime
{
    /// <summary>The line whose quote is not closed.</summary>
    public const int InvalidLine = 8899;

    readonly TestDirectory _directory = new();

    public string Data => _directory.Data;

    public string Source { get; private set; } = "";

    public ProgramResult Collected { get; private set; } = null!;

    /// <summary>Every line but the invalid one, with newlines.</summary>
    public byte[] ValidLines { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        var path = Path.Combine(Repository.Root, "..", "shared", "data", "apache_access.log");
        if (!File.Exists(path))
        {
            return;
        }

        Source = Path.GetFullPath(path);
        ValidLines = WithoutLine(File.ReadAllBytes(Source), InvalidLine);
        Collected = await program.RunAsync("collect", "-s", Source, "--data", Data, "-o", "json");
    }

    public ValueTask DisposeAsync()
    {
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }

    static byte[] WithoutLine(byte[] content, int number)
    {
        var start = 0;
        for (var line = 1; line < number; line++)
        {
            start = Array.IndexOf(content, (byte)'\n', start) + 1;
        }

        var end = Array.IndexOf(content, (byte)'\n', start) + 1;
        return [.. content.AsSpan(0, start), .. content.AsSpan(end)];
    }
}
