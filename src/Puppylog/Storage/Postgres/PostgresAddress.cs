using System.Globalization;
using System.Net;
using Npgsql;

namespace Puppylog.Storage.Postgres;

/// <summary>
/// Which database: <c>postgres://user:password@host:port/database?sslmode=…</c>, as libpq reads it, or <c>postgres</c> alone;
/// what is not named comes from PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE, PGPASSFILE and PGSSLMODE.
/// </summary>
sealed class PostgresAddress
{
    const string DefaultSocketDirectory = "/var/run/postgresql";
    const int DefaultPort = 5432;

    static readonly string[] Schemes = ["postgres", "postgresql"];

    static readonly string[] Parameters =
        ["sslmode", "sslrootcert", "sslcert", "sslkey", "passfile", "connect_timeout", "target_session_attrs", "options", "host", "application_name"];

    readonly string _connectionString;

    PostgresAddress(NpgsqlConnectionStringBuilder settings)
    {
        _connectionString = settings.ConnectionString;
        Host = settings.Host!;
        Port = settings.Port;
        Database = settings.Database!;
        User = settings.Username!;
        HasPassword = settings.Password is not null;
    }

    public string Host { get; }

    public int Port { get; }

    public string Database { get; }

    public string User { get; }

    public bool HasPassword { get; }

    /// <summary>True where the text names a store of this kind, well written or not.</summary>
    public static bool IsMeant(string text) =>
        Schemes.Any(scheme => text.Equals(scheme, StringComparison.OrdinalIgnoreCase) || text.StartsWith($"{scheme}:", StringComparison.OrdinalIgnoreCase));

    /// <summary>The address without its password, for messages and commands that people copy.</summary>
    public override string ToString()
    {
        var host = Host.Contains(':', StringComparison.Ordinal) && !Host.Contains(',', StringComparison.Ordinal) ? $"[{Host}]" : Host;
        return Host.StartsWith('/')
            ? $"postgres://{Uri.EscapeDataString(User)}@/{Uri.EscapeDataString(Database)}?host={Host}"
            : string.Create(CultureInfo.InvariantCulture, $"postgres://{Uri.EscapeDataString(User)}@{host}:{Port}/{Uri.EscapeDataString(Database)}");
    }

    /// <exception cref="LogStoreException">It is written wrongly; the message never repeats a password.</exception>
    public static PostgresAddress Parse(string text)
    {
        var settings = new NpgsqlConnectionStringBuilder
        {
            ApplicationName = "puppylog",
            // A session's state is set once, and 'DISCARD ALL' between uses is not understood by every server.
            NoResetOnClose = true,
            MaxPoolSize = 20,
            Timeout = 10,
            KeepAlive = 30,
            CommandTimeout = 0,
            GssEncryptionMode = GssEncryptionMode.Disable,
            IncludeErrorDetail = false,
        };
        var rest = text.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon ? text[(colon + 1)..] : "";
        if (rest.Length > 0)
        {
            if (!rest.StartsWith("//", StringComparison.Ordinal))
            {
                throw Wrong("it begins with postgres://");
            }

            Read(settings, rest[2..]);
        }

        FillIn(settings);
        return new(settings);
    }

    /// <summary>Where commands go; the caller disposes of it.</summary>
    /// <param name="keepsConnections">False where a connection that is closed must be gone, with all that its session knew.</param>
    public NpgsqlDataSource CreateSource(bool keepsConnections = true)
    {
        var builder = new NpgsqlSlimDataSourceBuilder(_connectionString);
        builder.ConnectionStringBuilder.Pooling = keepsConnections;
        builder.EnableTransportSecurity();
        builder.EnableArrays();
        return builder.Build();
    }

    static void Read(NpgsqlConnectionStringBuilder settings, string rest)
    {
        var query = "";
        if (rest.IndexOf('?', StringComparison.Ordinal) is >= 0 and var mark)
        {
            (rest, query) = (rest[..mark], rest[(mark + 1)..]);
        }

        var slash = rest.LastIndexOf('/');
        var (authority, database) = slash < 0 ? (rest, "") : (rest[..slash], rest[(slash + 1)..]);
        if (database.Length > 0)
        {
            settings.Database = Decode(database);
        }

        if (authority.LastIndexOf('@') is >= 0 and var at)
        {
            var user = authority[..at];
            authority = authority[(at + 1)..];
            if (user.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon)
            {
                settings.Password = Decode(user[(colon + 1)..]);
                user = user[..colon];
            }

            if (user.Length > 0)
            {
                settings.Username = Decode(user);
            }
        }

        ReadHosts(settings, authority);
        foreach (var pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            Set(settings, equals < 0 ? pair : pair[..equals], equals < 0 ? "" : Decode(pair[(equals + 1)..]));
        }
    }

    /// <summary>One host, or several with commas between them, each with a port or without.</summary>
    static void ReadHosts(NpgsqlConnectionStringBuilder settings, string authority)
    {
        if (authority.Length == 0)
        {
            return;
        }

        var hosts = authority.Split(',');
        if (hosts.Length == 1)
        {
            var (host, port) = HostAndPort(authority);
            settings.Host = host;
            settings.Port = port ?? settings.Port;
            return;
        }

        settings.Host = string.Join(',', hosts.Select(host => HostAndPort(host) is var (name, port) && port is null ? name : string.Create(CultureInfo.InvariantCulture, $"{name}:{port}")));
    }

    static (string Host, int? Port) HostAndPort(string text)
    {
        if (text.StartsWith('[') && text.IndexOf(']', StringComparison.Ordinal) is > 0 and var close && IPAddress.TryParse(text[1..close], out _))
        {
            return (text[1..close], close + 1 == text.Length ? null : ReadPort(text[(close + 1)..]));
        }

        var colon = text.LastIndexOf(':');
        return colon < 0 ? (Decode(text), null) : (Decode(text[..colon]), ReadPort(text[colon..]));
    }

    static int ReadPort(string text) =>
        text.StartsWith(':') && int.TryParse(text.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65_536
            ? port
            : throw Wrong("its port is a number from 1 to 65535; a password with '/', '@' or ':' has them written as %2F, %40 and %3A");

    static void Set(NpgsqlConnectionStringBuilder settings, string name, string value)
    {
        switch (name)
        {
            case "sslmode":
                settings.SslMode = SslModeOf(value);
                break;
            case "sslrootcert":
                settings.RootCertificate = value;
                break;
            case "sslcert":
                settings.SslCertificate = value;
                break;
            case "sslkey":
                settings.SslKey = value;
                break;
            case "passfile":
                settings.Passfile = value;
                break;
            case "connect_timeout":
                settings.Timeout = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= 1024
                    ? seconds
                    : throw Wrong($"connect_timeout takes seconds, not '{value}'");
                break;
            case "target_session_attrs":
                settings.TargetSessionAttributes = value;
                break;
            case "options":
                settings.Options = value;
                break;
            case "host":
                settings.Host = value;
                break;
            case "application_name":
                settings.ApplicationName = value;
                break;
            default:
                throw Wrong($"there is no parameter '{name}'; there are {string.Join(", ", Parameters)}");
        }
    }

    static SslMode SslModeOf(string value) => value switch
    {
        "disable" => SslMode.Disable,
        "allow" => SslMode.Allow,
        "prefer" => SslMode.Prefer,
        "require" => SslMode.Require,
        "verify-ca" => SslMode.VerifyCA,
        "verify-full" => SslMode.VerifyFull,
        _ => throw Wrong($"sslmode is one of disable, allow, prefer, require, verify-ca and verify-full, not '{value}'"),
    };

    /// <summary>What the text left open. The driver itself reads PGPASSWORD and PGPASSFILE.</summary>
    static void FillIn(NpgsqlConnectionStringBuilder settings)
    {
        if (settings.Port == DefaultPort && Variable("PGPORT") is { } port)
        {
            settings.Port = int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and < 65_536
                ? number
                : throw Wrong($"PGPORT is '{port}', which is no port");
        }

        settings.Username ??= Variable("PGUSER") ?? Environment.UserName;
        settings.Database ??= Variable("PGDATABASE") ?? settings.Username;
        if (settings.Host is null)
        {
            var socket = Path.Combine(DefaultSocketDirectory, string.Create(CultureInfo.InvariantCulture, $".s.PGSQL.{settings.Port}"));
            settings.Host = Variable("PGHOST") ?? (File.Exists(socket) ? DefaultSocketDirectory : "localhost");
        }

        if (!settings.ContainsKey("SSL Mode") && Variable("PGSSLMODE") is { } mode)
        {
            settings.SslMode = SslModeOf(mode);
        }
    }

    static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    static string Decode(string text)
    {
        for (var at = text.IndexOf('%', StringComparison.Ordinal); at >= 0; at = text.IndexOf('%', at + 1))
        {
            if (at + 2 >= text.Length || !char.IsAsciiHexDigit(text[at + 1]) || !char.IsAsciiHexDigit(text[at + 2]))
            {
                throw Wrong("a '%' is written as %25");
            }
        }

        return Uri.UnescapeDataString(text);
    }

    /// <summary>The text itself is not repeated: it may hold a password in the wrong place.</summary>
    static LogStoreException Wrong(string reason) =>
        new($"the address of a PostgreSQL store is postgres://user:password@host:port/database?sslmode=…: {reason}");
}
