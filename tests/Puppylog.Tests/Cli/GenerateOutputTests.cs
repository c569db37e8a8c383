using Puppylog.App.Cli;

namespace Puppylog.Tests.Cli;

public sealed class GenerateOutputTests : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("puppylog-generate-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Existing_file_is_replaced_or_added_to()
    {
        var path = System.IO.Path.Combine(_folder.FullName, "a.log");
        await Write(path, append: true, "one\n");
        await Write(path, append: true, "two\n");
        Assert.Equal("one\ntwo\n", await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
        await Write(path, append: false, "3\n");
        Assert.Equal("3\n", await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Directory_and_missing_directory_are_told()
    {
        var folder = await Assert.ThrowsAsync<UsageException>(() => Write(_folder.FullName, false, ""));
        Assert.StartsWith($"{_folder.FullName} is a directory; name a file in it", folder.Message, StringComparison.Ordinal);
        var missing = await Assert.ThrowsAsync<UsageException>(() => Write(System.IO.Path.Combine(_folder.FullName, "no", "a.log"), false, ""));
        Assert.Contains("there is no directory", missing.Message, StringComparison.Ordinal);
    }

    static async Task Write(string path, bool append, string text)
    {
        await using var stream = await GenerateOutput.OpenAsync(path, append, TestContext.Current.CancellationToken);
        stream.Write(System.Text.Encoding.ASCII.GetBytes(text));
    }
}
