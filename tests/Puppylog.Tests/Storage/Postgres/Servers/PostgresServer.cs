using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Puppylog.Tests.Storage.Postgres.Servers;

/// <summary>
/// Debian's PostgreSQL on a free loopback port, in a directory of its own. Crashes of the process are what is tested, not
/// those of the machine: it syncs nothing.
/// </summary>
public sealed partial class PostgresServer : IAsyncDisposable
{
    public const string Password = "p@ss/word";

    const int Quit = 3;
    const int Interrupt = 2;

    readonly string _binaries;
    readonly string _directory;
    Process? _process;
    int _databases;

    PostgresServer(string binaries, string directory, int port)
    {
        _binaries = binaries;
        _directory = directory;
        Port = port;
    }

    public int Port { get; }

    /// <summary>The newest that is installed, or null.</summary>
    public static string? FindBinaries() =>
        !Directory.Exists("/usr/lib/postgresql")
            ? null
            : Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")).Where(bin => File.Exists(Path.Combine(bin, "initdb")))
                .OrderByDescending(bin => int.TryParse(Path.GetFileName(Path.GetDirectoryName(bin)), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0)
                .FirstOrDefault();

    public static async Task<PostgresServer> StartAsync()
    {
        var binaries = FindBinaries();
        if (binaries is null)
        {
            Assert.Skip("PostgreSQL is not installed (Debian: apt-get install postgresql)");
        }

        var directory = Directory.CreateTempSubdirectory("puppylog-pg-").FullName;
        var server = new PostgresServer(binaries, directory, FreePort());
        try
        {
            await server.InitializeAsync();
            await server.RestartAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public string Address(string database) =>
        string.Create(CultureInfo.InvariantCulture, $"postgres://puppy:{Uri.EscapeDataString(Password)}@127.0.0.1:{Port}/{database}?sslmode=disable");

    /// <summary>Makes an empty database and returns its address.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"test{Interlocked.Increment(ref _databases)}");
        await SqlAsync(Address("postgres"), $"CREATE DATABASE {name}");
        return Address(name);
    }

    /// <summary>Runs psql and returns what it prints, rows a line each, columns with a | between.</summary>
    public async Task<string> SqlAsync(string address, string sql)
    {
        var (code, output, error) = await RunAsync(Path.Combine(_binaries, "psql"), [address, "-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", "-c", sql], asOther: false);
        Assert.True(code == 0, error);
        return output.TrimEnd('\n');
    }

    /// <summary>As pg_ctl stop -m immediate: no checkpoint, the next start recovers.</summary>
    public async Task CrashAsync()
    {
        _ = Kill(_process!.Id, Quit);
        await _process.WaitForExitAsync(CancellationToken.None);
    }

    /// <summary>Starts the server, which was stopped or never ran, and waits until it answers.</summary>
    public async Task RestartAsync(params string[] settings)
    {
        var data = Path.Combine(_directory, "data");
        string[] arguments =
        [
            "-D", data, "-p", Port.ToString(CultureInfo.InvariantCulture), "-c", "listen_addresses=127.0.0.1", "-c", $"unix_socket_directories={_directory}",
            "-c", "fsync=off", "-c", "full_page_writes=off", "-c", "max_connections=60", "-c", "shared_buffers=64MB", "-c", "log_min_messages=fatal",
            .. settings.SelectMany(setting => new[] { "-c", setting }),
        ];
        _process = Process.Start(AsOther(Path.Combine(_binaries, "postgres"), arguments))!;
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        var waited = Stopwatch.StartNew();
        while ((await RunAsync(Path.Combine(_binaries, "pg_isready"), ["-h", "127.0.0.1", "-p", Port.ToString(CultureInfo.InvariantCulture), "-q"], asOther: false)).Code != 0)
        {
            Assert.False(_process.HasExited, "PostgreSQL has ended");
            Assert.True(waited.Elapsed < TimeSpan.FromMinutes(1), "PostgreSQL does not answer");
            await Task.Delay(50);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            _ = Kill(_process.Id, Interrupt);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process?.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    async Task InitializeAsync()
    {
        if (Environment.UserName == "root")
        {
            var (code, _, error) = await RunAsync("chown", [OtherUser, _directory], asOther: false);
            Assert.True(code == 0, error);
        }

        var password = Path.Combine(_directory, "password");
        await File.WriteAllTextAsync(password, Password);
        await RunAsync("chmod", ["a+r", password], asOther: false);
        var (result, _, reason) = await RunAsync(
            Path.Combine(_binaries, "initdb"),
            ["-D", Path.Combine(_directory, "data"), "-U", "puppy", "-A", "scram-sha-256", "--pwfile", password, "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
            asOther: true);
        Assert.True(result == 0, reason);
    }

    /// <summary>PostgreSQL does not run as root.</summary>
    static string OtherUser => File.ReadLines("/etc/passwd").Any(line => line.StartsWith("postgres:", StringComparison.Ordinal)) ? "postgres" : "nobody";

    static ProcessStartInfo AsOther(string program, string[] arguments) => Environment.UserName == "root"
        ? Start("setpriv", ["--reuid", OtherUser, "--regid", OtherUser == "nobody" ? "nogroup" : OtherUser, "--clear-groups", program, .. arguments])
        : Start(program, arguments);

    static ProcessStartInfo Start(string program, string[] arguments) => new(program, arguments)
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        WorkingDirectory = "/",
    };

    static async Task<(int Code, string Output, string Error)> RunAsync(string program, string[] arguments, bool asOther)
    {
        using var process = Process.Start(asOther ? AsOther(program, arguments) : Start(program, arguments))!;
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        return (process.ExitCode, await output, await error);
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int process, int signal);
}
