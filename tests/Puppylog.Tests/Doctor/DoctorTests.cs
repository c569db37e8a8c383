using System.Text.Json;
using Puppylog.App.Cli;
using Puppylog.App.Doctor;
using Puppylog.Storage.Embedded;

namespace Puppylog.Tests.Doctor;

public sealed class DoctorTests : IDisposable
{
    readonly string _directory = Directory.CreateTempSubdirectory("puppylog-doctor").FullName;

    [Fact]
    public async Task Fresh_private_directory_has_no_errors()
    {
        var findings = await DoctorCommand.ExamineAsync(_directory, TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.DoesNotContain(findings, finding => finding.Severity == Severity.Error && finding.Check != "disk space");
        Assert.Contains(findings, finding => finding.Check == "permissions" && finding.Severity == Severity.Ok);
        Assert.Empty(Directory.GetFileSystemEntries(_directory));
    }

    async Task<Severity> WriterAsync() =>
        (await StoreChecks.RunAsync(_directory, TimeProvider.System, TestContext.Current.CancellationToken)).Single(finding => finding.Check == "writer").Severity;

    [Fact]
    public void Missing_directory_that_can_be_made_is_fine()
    {
        var finding = Assert.Single(DataDirectoryChecks.Run(Path.Combine(_directory, "a", "b"), TimeProvider.System));
        Assert.Equal(Severity.Ok, finding.Severity);
        Assert.False(Directory.Exists(Path.Combine(_directory, "a")));
    }

    [Fact]
    public void File_in_the_directorys_place_is_an_error()
    {
        var file = Path.Combine(_directory, "file");
        File.WriteAllText(file, "");
        Assert.Equal(Severity.Error, Assert.Single(DataDirectoryChecks.Run(file, TimeProvider.System)).Severity);
    }

    [Fact]
    public void Directory_that_others_can_enter_is_a_warning()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Unix permissions");
            return;
        }

        File.SetUnixFileMode(_directory, (UnixFileMode)0b111_101_101);
        var finding = DataDirectoryChecks.Run(_directory, TimeProvider.System).Single(finding => finding.Check == "permissions");
        Assert.Equal(Severity.Warning, finding.Severity);
        Assert.Equal($"chmod 700 {_directory}", finding.Fix);
    }

    [Fact]
    public async Task Writer_that_does_not_answer_is_an_error()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/proc/locks");
        await using (var store = await EmbeddedStore.OpenWriterAsync(_directory, new EmbeddedStoreOptions(TimeProvider.System), TestContext.Current.CancellationToken))
        {
            Assert.Equal(Severity.Ok, await WriterAsync());
        }

        using (new FileStream(Path.Combine(_directory, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
        {
            Assert.Equal(Severity.Error, await WriterAsync());
        }

        Assert.Equal(Severity.Ok, await WriterAsync());
    }

    [Fact]
    public async Task Quarantined_files_are_a_warning()
    {
        Directory.CreateDirectory(Path.Combine(_directory, "quarantine"));
        File.WriteAllText(Path.Combine(_directory, "quarantine", "00000042.tail"), "x");
        var findings = await StoreChecks.RunAsync(_directory, TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Equal(Severity.Warning, findings.Single(finding => finding.Check == "quarantine").Severity);
    }

    [Theory]
    [InlineData(3_932_178UL, 708)]
    [InlineData(77UL, null)]
    [InlineData(12UL, null)]
    [InlineData(99UL, null)]
    public void Lock_holder_is_read_from_the_kernels_table(ulong inode, int? expected) => Assert.Equal(
        expected,
        StoreChecks.LockHolder(
            """
            1: POSIX  ADVISORY  READ  5433 08:01:12 128 128
            2: FLOCK  ADVISORY  WRITE 708 08:01:3932178 0 EOF
            2: -> FLOCK  ADVISORY  WRITE 709 08:01:77 0 EOF
            3: garbage
            4: FLOCK  ADVISORY  WRITE x 08:01:99 0 EOF

            """,
            inode));

    [Theory]
    [InlineData(0, null, Severity.Error)]
    [InlineData(9_000_000_000, null, Severity.Error)]
    [InlineData(1_795_269_600, null, Severity.Ok)]
    [InlineData(1_795_269_600, 1_795_269_630L, Severity.Ok)]
    [InlineData(1_795_269_600, 1_795_273_200L, Severity.Warning)]
    public void Clock_is_believed_within_reason(long now, long? newest, object expected) =>
        Assert.Equal(expected, SystemChecks.Clock(now, newest).Severity);

    [Theory]
    [InlineData("Max open files            256                  1048576              files", Severity.Warning)]
    [InlineData("Max cpu time unlimited\nMax open files            20000                1048576              files\n", Severity.Ok)]
    [InlineData("Max open files            unlimited            unlimited            files", Severity.Ok)]
    [InlineData("", Severity.Ok)]
    [InlineData(null, Severity.Ok)]
    public void Open_files_are_read_from_the_limits(string? limits, object expected) =>
        Assert.Equal(expected, SystemChecks.OpenFiles(limits).Severity);

    [Theory]
    [InlineData(false, null, null, 0, 0, Severity.Ok)]
    [InlineData(true, "xterm", "en_US.UTF-8", 80, 24, Severity.Ok)]
    [InlineData(true, "dumb", "en_US.UTF-8", 80, 24, Severity.Warning)]
    [InlineData(true, null, "en_US.UTF-8", 80, 24, Severity.Warning)]
    [InlineData(true, "xterm", "C", 80, 24, Severity.Warning)]
    [InlineData(true, "xterm", "C.utf8", 79, 24, Severity.Warning)]
    public void Terminal_is_judged_by_what_the_dashboard_needs(bool terminal, string? term, string? lang, int width, int height, object expected) =>
        Assert.Equal(expected, TerminalCheck.Run(terminal, name => name == "TERM" ? term : name == "LANG" ? lang : null, width, height).Severity);

    [Fact]
    public void Worst_finding_decides_and_both_outputs_say_the_fix()
    {
        Finding[] findings = [Finding.Ok("a", "fine"), Finding.Warning("b", "odd", "do this"), Finding.Error("c", "bad \"x\"", "do that")];
        Assert.Equal(Severity.Error, FindingsText.Worst(findings));
        Assert.Equal(Severity.Ok, FindingsText.Worst(findings[..1]));
        Assert.Equal(
            """
            ok       a                  fine
            warning  b                  odd
                                        → do this
            error    c                  bad "x"
                                        → do that

            1 error, 1 warning.

            """.ReplaceLineEndings("\n"),
            FindingsText.Text(findings));
        using var json = JsonDocument.Parse(FindingsText.Json(findings));
        Assert.Equal("error", json.RootElement.GetProperty("status").GetString());
        Assert.Equal("do that", json.RootElement.GetProperty("checks")[2].GetProperty("fix").GetString());
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
