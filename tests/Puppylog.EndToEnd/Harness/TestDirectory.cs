namespace Puppylog.EndToEnd.Harness;

/// <summary>A directory of a test's own, deleted with everything in it at the end.</summary>
public sealed class TestDirectory : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("puppylog-e2e-").FullName;

    /// <summary>The data directory of the embedded store; not made yet.</summary>
    public string Data => this["data"];

    public string this[string name] => Path.Combine(Root, name);

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
