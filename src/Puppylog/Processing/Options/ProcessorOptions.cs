using System.Text;
using Puppylog.Query;
using Puppylog.Query.Filters;
using Puppylog.Query.Syntax;
using Puppylog.Records;

namespace Puppylog.Processing.Options;

/// <summary>What one processor of a chain does; immutable. The running one is made by <see cref="ProcessorChain"/>.</summary>
abstract record ProcessorOptions
{
    /// <summary>Bytes of a field's name, as of those that come with a line.</summary>
    const int LongestName = 1024;

    /// <summary>What the configuration calls it: <c>redact</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>LogsQL: the records that it looks at; others pass. Null for all.</summary>
    public string? Where { get; init; }

    /// <summary>All mistakes.</summary>
    public virtual IEnumerable<ProcessorProblem> Check() => Where is null ? [] : CheckFilter("where", Where);

    /// <summary>The filter of <paramref name="query"/>.</summary>
    /// <exception cref="LogsqlException">It is not understood.</exception>
    public static Filter ParseFilter(string query)
    {
        var parsed = QueryParser.Parse(query, 0);
        return parsed.Pipes.IsEmpty
            ? parsed.Filter
            : throw new LogsqlException(query, query.IndexOf('|'), "a filter is expected here, without pipes");
    }

    protected static IEnumerable<ProcessorProblem> CheckFilter(string option, string query)
    {
        string? message = null;
        try
        {
            // Relative times lie near the time that they count from, and nowhere near another.
            var filter = ParseFilter(query);
            var (min, max) = (long.MinValue, long.MaxValue);
            filter.NarrowTime(ref min, ref max);
            var later = QueryParser.Parse(query, 1_000_000 * Timestamps.Second).Filter;
            var (laterMin, laterMax) = (long.MinValue, long.MaxValue);
            later.NarrowTime(ref laterMin, ref laterMax);
            if ((min, max) != (laterMin, laterMax) || filter.ToString() != later.ToString())
            {
                message = "the filter is made once, when collecting begins; a time in it must be absolute, like _time:>2026-01-01";
            }
        }
        catch (LogsqlException wrong)
        {
            message = wrong.Describe();
        }

        return message is null ? [] : [new(option, message)];
    }

    protected static IEnumerable<ProcessorProblem> CheckName(string option, string name)
    {
        if (name.Length == 0)
        {
            yield return new(option, "the name of a field is expected, like team");
        }
        else if (name[0] == '_')
        {
            yield return new(option, $"'{name}' cannot be changed: names with a leading _ are the product's own; take one without");
        }
        else if (Encoding.UTF8.GetByteCount(name) > LongestName)
        {
            yield return new(option, "the name of a field is longer than 1,024 bytes; take a shorter one");
        }
    }
}
