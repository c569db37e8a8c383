using System.Diagnostics;

[assembly: AssemblyFixture(typeof(Puppylog.EndToEnd.Harness.PublishedProgram))]

namespace Puppylog.EndToEnd.Harness;

/// <summary>
/// The published <c>puppylog</c>: <c>$PUPPYLOG_BIN</c> where that is set, else published once per test run to
/// <c>artifacts/e2e</c>. It runs with a home directory of its own, so that no test reaches the user's store.
/// </summary>
public sealed class PublishedProgram : IAsyncLifetime
{
    readonly TestDirectory _home = new();

    /// <summary>The home directory of what is started.</summary>
    internal string Home => _home.Root;

    internal string Executable { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        Executable = Environment.GetEnvironmentVariable("PUPPYLOG_BIN") is { Length: > 0 } given
            ? Path.GetFullPath(given)
            : await PublishAsync();
        Assert.True(File.Exists(Executable), $"{Executable} is not there");
    }

    public ValueTask DisposeAsync()
    {
        _home.Dispose();
        return ValueTask.CompletedTask;
    }

    public Task<ProgramResult> RunAsync(params string[] arguments) => RunAsync(arguments, input: null);

    /// <param name="arguments">Of the program.</param>
    /// <param name="input">Its standard input; null: empty.</param>
    /// <param name="environment">Variables set on top.</param>
    /// <param name="patience">After which the test fails.</param>
    public async Task<ProgramResult> RunAsync(
        string[] arguments, byte[]? input, Dictionary<string, string>? environment = null, TimeSpan? patience = null)
    {
        await using var program = Start(arguments, environment);
        try
        {
            await program.Input.WriteAsync(input ?? []);
            program.Input.Close();
        }
        catch (IOException)
        {
            // It ended without reading all of its input; what it ended with tells more.
        }

        return await program.WaitForExitAsync(patience);
    }

    /// <summary>Runs a script with the program as <c>$puppylog</c>, for pipes and the like.</summary>
    public async Task<ProgramResult> RunScriptAsync(string script, params string[] arguments)
    {
        await using var shell = new RunningProgram(Describe("bash", ["-c", script, "bash", .. arguments], new() { ["puppylog"] = Executable }));
        shell.Input.Close();
        return await shell.WaitForExitAsync();
    }

    public RunningProgram Start(params string[] arguments) => Start(arguments, null);

    // By way of env: a test run that was itself started in the background has SIGINT ignored, and children inherit that.
    public RunningProgram Start(string[] arguments, Dictionary<string, string>? environment) =>
        new(Describe("env", ["--default-signal=INT", Executable, .. arguments], environment));

    /// <summary>Starts it so that permissions count for it, also where the tests run as root.</summary>
    public RunningProgram StartUnprivileged(params string[] arguments) =>
        new(Describe("env", ["--default-signal=INT", .. Environment.IsPrivilegedProcess ? ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] : Array.Empty<string>(), Executable, .. arguments], null));

    /// <summary>Starts a script with the program as <c>$puppylog</c>, which it becomes by <c>exec</c>.</summary>
    public RunningProgram StartScript(string script, params string[] arguments) =>
        new(Describe("env", ["--default-signal=INT", "bash", "-c", script, "bash", .. arguments], new() { ["puppylog"] = Executable }));

    ProcessStartInfo Describe(string file, string[] arguments, Dictionary<string, string>? environment)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _home.Root,
        };
        foreach (var name in start.Environment.Keys.Where(IsOurs).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["HOME"] = _home.Root;
        foreach (var (name, value) in environment ?? [])
        {
            start.Environment[name] = value;
        }

        return start;
    }

    static bool IsOurs(string variable) =>
        variable.StartsWith("PUPPYLOG_", StringComparison.Ordinal) || variable.StartsWith("LOG_", StringComparison.Ordinal)
        || variable == "MAX_LOGS_TO_GENERATE";

    static async Task<string> PublishAsync()
    {
        var target = Path.Combine(Repository.Root, "artifacts", "e2e");
        Directory.CreateDirectory(target);
        await using var held = await LockAsync(target + ".lock");
        var start = new ProcessStartInfo("dotnet", ["publish", "src/Puppylog.App", "-c", "Release", "-o", target, "-v", "quiet", "-nodeReuse:false", "-p:UseSharedCompilation=false"])
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        await using var publishing = new RunningProgram(start);
        (await publishing.WaitForExitAsync(TimeSpan.FromMinutes(10))).Expect(0);
        return Path.Combine(target, "puppylog");
    }

    /// <summary>One publishing at a time, also with another test run on the same checkout.</summary>
    static async Task<FileStream> LockAsync(string path)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                await Task.Delay(500, TestContext.Current.CancellationToken);
            }
        }
    }
}
