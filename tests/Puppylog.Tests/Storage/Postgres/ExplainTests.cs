using Puppylog.Query;
using Puppylog.Storage.Postgres.Reading;

namespace Puppylog.Tests.Storage.Postgres;

public sealed class ExplainTests
{
    [Theory]
    [InlineData("status:>=500 | stats by (level) count() hits | sort by (hits desc)", 15, "coalesce(level, '')", "  | sort by (\"hits\" desc)", "$")]
    [InlineData("status:>=500 | stats by (level) count() hits", 15, "FROM logs WHERE ((coalesce(status >= ", "GROUP BY coalesce(level, '')", "nothing more")]
    [InlineData("application_name:=shop | stats by (_time:5m) count()", 15, "date_bin(interval '300000000 microseconds', time, $", "application_name = $1 AND application_name <> ''", "'shop'")]
    [InlineData("application_name:=shop | stats by (_time:5m) count()", 13, "SELECT … FROM logs WHERE", "ORDER BY time, nanos, seq", "  | stats by (_time:5m) count(*)")]
    [InlineData("error | stats count()", 15, "(message LIKE $1 OR message IS NULL)", "$1 = '%error%'", "  error\n  | stats count(*)")]
    [InlineData("trace_id:=\"x'y\"", 15, "trace_id = $1", "$1 = 'x''y'", "  trace_id:=")]
    [InlineData("* | sort by (_time desc) | limit 5", 15, "ORDER BY time DESC, nanos DESC, seq DESC", "until there are enough", "limit 5")]
    [InlineData("_time:[2026-11-21, 2026-11-22) | stats quantile(0.99, response_time) p99", 15, "array_agg(", "'2026-11-21T00:00:00Z'", "0.99")]
    [InlineData("_time:<2026-11-21 _time:>2026-11-22", 15, "No record can match")]
    public void Names_the_statement_and_what_is_left(string query, int server, params string[] parts)
    {
        var text = StoredRows.Explain(QueryParser.Parse(query, 0), server);
        Assert.All(parts, part => Assert.Contains(part, text, StringComparison.Ordinal));
        // Values travel beside the statement.
        Assert.DoesNotContain("shop", text.Split('\n').First(line => line.Contains("SELECT", StringComparison.Ordinal) || line.Contains("No record", StringComparison.Ordinal)), StringComparison.Ordinal);
    }
}
