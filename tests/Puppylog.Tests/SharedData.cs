namespace Puppylog.Tests;

/// <summary>The real logs beside the checkout (<c>../shared/data</c>); tests that need them skip where they are absent.</summary>
static class SharedData
{
    public static string Require(string file)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "puppylog.slnx")))
        {
            root = root.Parent;
        }

        var path = Path.Combine(root?.Parent?.FullName ?? "", "shared", "data", file);
        if (!File.Exists(path))
        {
            Assert.Skip($"needs ../shared/data/{file} beside the checkout");
        }

        return path;
    }
}
