namespace Puppylog.EndToEnd.Harness;

/// <summary>Places of the checkout that the tests run from.</summary>
static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>A file of the real data beside the checkout; the test is skipped where it is absent.</summary>
    public static string SharedData(string name)
    {
        var path = Path.GetFullPath(Path.Combine(Root, "..", "shared", "data", name));
        Assert.SkipUnless(File.Exists(path), $"../shared/data/{name} is not there");
        return path;
    }

    static string FindRoot()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "puppylog.slnx")))
        {
            at = at.Parent;
        }

        return at?.FullName ?? throw new InvalidOperationException("puppylog.slnx is in no directory above the tests");
    }
}
