using System.Net.Sockets;
using System.Security.Authentication;
using Npgsql;

namespace Puppylog.Storage.Postgres;

/// <summary>What the server's and the driver's errors mean to people, and which of them pass by themselves.</summary>
/// <remarks>SQLSTATE: PostgreSQL's documentation, appendix A.</remarks>
static class PostgresErrors
{
    public const string UndefinedTable = "42P01";
    public const string InvalidPassword = "28P01";
    public const string InvalidAuthorization = "28000";
    public const string InvalidCatalog = "3D000";
    public const string UniqueViolation = "23505";
    public const string InsufficientPrivilege = "42501";
    public const string ReadOnlyTransaction = "25006";
    const string DiskFull = "53100";
    const string TooManyConnections = "53300";
    const string CannotConnectNow = "57P03";
    const string QueryCanceled = "57014";
    const string SerializationFailure = "40001";
    const string DeadlockDetected = "40P01";
    const string LockNotAvailable = "55P03";
    const string ObjectInUse = "55006";

    /// <summary>True where the same may succeed later, when somebody has done something about the server.</summary>
    public static bool IsTransient(Exception error) => error switch
    {
        PostgresException { SqlState: var state } =>
            state[..2] is "08" or "53" or "57" or "58" or "40" or "28" || state is ReadOnlyTransaction or LockNotAvailable or ObjectInUse or "XX000" or "25P02" or "25P03",
        NpgsqlException or IOException or SocketException or TimeoutException or ObjectDisposedException => true,
        _ => false,
    };

    /// <summary>True for what comes of the driver, the server or the way to it.</summary>
    public static bool IsOfServer(Exception error) =>
        error is NpgsqlException or IOException or TimeoutException or SocketException or AuthenticationException or ObjectDisposedException;

    /// <summary>True where the server said that the rows themselves cannot be stored.</summary>
    public static bool IsOfData(Exception error) => error is PostgresException { SqlState: var state } && state[..2] is "22" or "54" or "23";

    public static LogStoreException Describe(Exception error, PostgresAddress address) =>
        error as LogStoreException ?? new LogStoreException(Sentence(error, address), error) { IsTransient = IsTransient(error) };

    public static string Sentence(Exception error, PostgresAddress address)
    {
        for (Exception? inner = error; inner is not null; inner = inner.InnerException)
        {
            if (SentenceOf(inner, address) is { } sentence)
            {
                return sentence;
            }
        }

        return $"{address}: {FirstLine(error.Message)}";
    }

    static string? SentenceOf(Exception error, PostgresAddress address) => error switch
    {
        PostgresException { SqlState: InvalidPassword or InvalidAuthorization } refused =>
            $"{address} does not let '{address.User}' in: {refused.MessageText}; {(address.HasPassword ? "check the password" : "give a password in the address, in PGPASSWORD or in PGPASSFILE")}",
        PostgresException { SqlState: InvalidCatalog } =>
            $"{address}: there is no database '{address.Database}'; make it with 'createdb {address.Database}', then run 'puppylog bootstrap --store {address}'",
        PostgresException { SqlState: UndefinedTable } => NotBootstrapped(address),
        PostgresException { SqlState: InsufficientPrivilege } denied => $"{address}: '{address.User}' may not do that: {denied.MessageText}",
        PostgresException { SqlState: ReadOnlyTransaction } => $"{address} is read-only at the moment",
        PostgresException { SqlState: DiskFull } full => $"{address} has no room left: {full.MessageText}",
        PostgresException { SqlState: TooManyConnections } => $"{address} has all its connections in use",
        PostgresException { SqlState: CannotConnectNow } busy => $"{address} is not ready: {busy.MessageText}",
        PostgresException { SqlState: QueryCanceled } ended => $"{address} ended the query: {ended.MessageText}",
        PostgresException { SqlState: SerializationFailure or DeadlockDetected or LockNotAvailable } => $"{address} is held up by another transaction",
        PostgresException { SqlState: ['5', '7', ..] } gone => $"{address} has ended the connection: {gone.MessageText}",
        PostgresException other => $"{address}: {other.MessageText} ({other.SqlState})",
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData } =>
            $"{address}: there is no host '{address.Host}'",
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => $"{address} cannot be reached: nothing listens there; is the server running?",
        SocketException { SocketErrorCode: SocketError.AddressNotAvailable or SocketError.InvalidArgument } when address.Host.StartsWith('/') =>
            $"{address} cannot be reached: there is no server's socket in {address.Host}",
        SocketException refused => $"{address} cannot be reached: {refused.Message}",
        AuthenticationException certificate => $"{address}: the connection cannot be made secure: {FirstLine(certificate.Message)}",
        TimeoutException => $"{address} does not answer",
        // The driver's own words (Npgsql 10): it gives them no code.
        NpgsqlException when error.Message.StartsWith("No password", StringComparison.Ordinal) =>
            $"{address} asks '{address.User}' for a password: give it in the address, in PGPASSWORD or in PGPASSFILE",
        NpgsqlException when error.Message.StartsWith("SSL connection requested", StringComparison.Ordinal) =>
            $"{address}: the connection cannot be made secure: the server speaks no TLS; sslmode=prefer or sslmode=disable does without",
        EndOfStreamException => $"{address} has ended the connection",
        _ => null,
    };

    public static string NotBootstrapped(PostgresAddress address) =>
        $"{address} holds no logs yet: run 'puppylog bootstrap --store {address}' once";

    static string FirstLine(string text) => text.IndexOfAny(['\r', '\n']) is >= 0 and var end ? text[..end] : text;
}
