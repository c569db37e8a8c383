namespace Puppylog.Tests.Parsing;

/// <summary>The real logs beside the checkout, where they are.</summary>
static class SharedData
{
    public static string Path(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "puppylog.slnx")))
            {
                var path = System.IO.Path.Combine(folder.FullName, "..", "shared", "data", name);
                if (File.Exists(path))
                {
                    return path;
                }
            }
        }

        Assert.Skip($"../shared/data/{name} is not beside this checkout");
        return "";
    }
}
