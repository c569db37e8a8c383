using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Puppylog.Storage.Embedded;
using Puppylog.Storage.Embedded.Files;

namespace Puppylog.Tests.Storage.Embedded.Files;

public sealed partial class DirectoryLockTests
{
    [Fact]
    public void Lock_that_was_given_back_is_free_while_a_child_that_is_being_started_has_its_file_open()
    {
        using var directory = new TemporaryDirectory();
        Directory.CreateDirectory(directory.Data);
        var first = DirectoryLock.TryTake(directory.Data);
        Assert.NotNull(first);
        // As fork(2) does until the child calls exec(2).
        using var child = new SafeFileHandle(Duplicate(Descriptor(DataLayout.LockFile(directory.Data))), ownsHandle: true);
        Assert.Null(DirectoryLock.TryTake(directory.Data));
        first.Dispose();
        first.Dispose();
        using var second = DirectoryLock.TryTake(directory.Data);
        Assert.NotNull(second);
    }

    static int Descriptor(string path) => Directory.GetFiles("/proc/self/fd")
        .Where(link => File.ResolveLinkTarget(link, returnFinalTarget: false)?.FullName == path)
        .Select(link => int.Parse(Path.GetFileName(link), CultureInfo.InvariantCulture))
        .Single();

    [LibraryImport("libc", EntryPoint = "dup")]
    private static partial int Duplicate(int descriptor);
}
