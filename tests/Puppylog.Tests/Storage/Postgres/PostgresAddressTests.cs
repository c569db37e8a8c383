using Puppylog.Storage;
using Puppylog.Storage.Postgres;
using Puppylog.Tests.Storage.Postgres.Servers;

namespace Puppylog.Tests.Storage.Postgres;

public sealed class PostgresAddressTests(SharedPostgres postgres)
{
    [Theory]
    [InlineData("postgres://ann:s3cret@db.example.com:5433/logs", "postgres://ann@db.example.com:5433/logs")]
    [InlineData("postgresql://ann@db/logs", "postgres://ann@db:5432/logs")]
    [InlineData("postgres://ann:a%40b%2Fc@db/my%20logs?sslmode=require", "postgres://ann@db:5432/my%20logs")]
    [InlineData("postgres://ann@[::1]:5433/logs", "postgres://ann@[::1]:5433/logs")]
    [InlineData("postgres://ann@/logs?host=/var/run/postgresql", "postgres://ann@/logs?host=/var/run/postgresql")]
    [InlineData("postgres://ann:s3cret/x@db/logs", "postgres://ann@db:5432/logs")]
    [InlineData("postgres://ann@db", "postgres://ann@db:5432/ann")]
    public void Address_is_shown_without_its_password(string text, string shown) => Assert.Equal(shown, PostgresAddress.Parse(text).ToString());

    [Theory]
    [InlineData("postgres:logs", "it begins with postgres://")]
    [InlineData("postgres://ann:s3cret@db:no/logs", "its port is a number from 1 to 65535")]
    [InlineData("postgres://ann:s3cret@db:70000/logs", "its port is a number")]
    [InlineData("postgres://ann:s3c%ret@db/logs", "a '%' is written as %25")]
    [InlineData("postgres://ann@db/logs?sslmode=maybe", "sslmode is one of")]
    [InlineData("postgres://ann@db/logs?color=red", "there is no parameter 'color'")]
    public void Mistake_is_told_without_the_password(string text, string reason)
    {
        var wrong = Assert.Throws<LogStoreException>(() => PostgresAddress.Parse(text));
        Assert.Contains(reason, wrong.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3c", wrong.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("postgres://puppy:wrong-s3cret@127.0.0.1:{0}/postgres", "check the password")]
    [InlineData("postgres://puppy@127.0.0.1:{0}/postgres", "PGPASSFILE")]
    [InlineData("postgres://puppy:p%40ss%2Fword@127.0.0.1:{0}/missing", "there is no database 'missing'; make it with 'createdb missing'")]
    [InlineData("postgres://puppy:p%40ss%2Fword@127.0.0.1:{0}/postgres", "holds no logs yet: run 'puppylog bootstrap --store postgres://puppy@127.0.0.1:")]
    [InlineData("postgres://puppy:p%40ss%2Fword@127.0.0.1:{0}/postgres?sslmode=require", "the server speaks no TLS")]
    [InlineData("postgres://puppy:p%40ss%2Fword@127.0.0.1:1/postgres", "nothing listens there")]
    [InlineData("postgres://puppy:p%40ss%2Fword@no.such.host.invalid/postgres", "there is no host 'no.such.host.invalid'")]
    [InlineData("postgres://puppy@/postgres?host=/nowhere", "cannot be reached")]
    public async Task Store_that_cannot_be_opened_says_why(string text, string reason)
    {
        var server = await postgres.ServerAsync();
        var address = text.Replace("{0}", server.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
        var wrong = await Assert.ThrowsAsync<LogStoreException>(() => PostgresStore.OpenAsync(address, TimeProvider.System, TestContext.Current.CancellationToken));
        Assert.Contains(reason, wrong.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", wrong.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("ss%2Fword", wrong.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(PostgresServer.Password, wrong.Message, StringComparison.Ordinal);
    }
}
