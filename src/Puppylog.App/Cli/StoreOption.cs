using System.CommandLine;
using Puppylog.Storage.Postgres;

namespace Puppylog.App.Cli;

/// <summary><c>--store</c>: a store elsewhere in place of the embedded one.</summary>
static class StoreOption
{
    public static Option<string?> Create() => new("--store")
    {
        Description = "A PostgreSQL or TimescaleDB database in place of the embedded store: postgres://user:password@host:port/database, or 'postgres' with PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE, PGPASSFILE",
        HelpName = "URI",
    };

    /// <summary>The address that was given; null for the embedded store.</summary>
    /// <exception cref="OptionException">It is of no kind that there is, or stands beside <c>--data</c>.</exception>
    public static string? In(ParseResult parsed, Option<string?> store, Option<string> data)
    {
        if (!ReadingOptions.IsGiven(parsed, store))
        {
            return null;
        }

        if (ReadingOptions.IsGiven(parsed, data))
        {
            throw new OptionException("--data names the embedded store and --store another one: leave one of them out");
        }

        return Checked(parsed.GetValue(store)!);
    }

    /// <exception cref="OptionException">It is of no kind that there is.</exception>
    public static string Checked(string address)
    {
        var scheme = address.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon ? address[..colon] : address;
        return PostgresAddress.IsMeant(address) ? address
            : scheme is "influxdb" or "clickhouse" ? throw new OptionException($"--store {scheme}:… is not there yet; there is postgres://…")
            : throw new OptionException("--store takes the address of a database: postgres://user:password@host:port/database; a directory is named with --data DIR");
    }

    /// <summary>Groups are not kept there yet: a query that names one is refused, not answered without it.</summary>
    public static string? FindGroup(string name) =>
        throw new UsageException($"the group '{name}' cannot be looked up: a store named with --store keeps no groups yet; write its selector in braces instead");
}
