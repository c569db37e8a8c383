namespace Puppylog.Tests;

/// <summary>The real logs beside the checkout (<c>../shared/data</c>); tests that need them skip where they are absent.</summary>
static class SharedData
{
    /// <summary>The path of a file of the repository.</summary>
    public static string Repository(string file) => Path.Combine(Root()?.FullName ?? throw new InvalidOperationException("the tests run outside of the repository"), file);

    static DirectoryInfo? Root()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "puppylog.slnx")))
        {
            root = root.Parent;
        }

        return root;
    }

    public static string Require(string file)
    {
        var path = Path.Combine(Root()?.Parent?.FullName ?? "", "shared", "data", file);
        if (!File.Exists(path))
        {
            Assert.Skip($"needs ../shared/data/{file} beside the checkout");
        }

        return path;
    }
}
