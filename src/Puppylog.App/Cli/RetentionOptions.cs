using System.CommandLine;
using System.CommandLine.Parsing;
using Puppylog.Storage;
using Puppylog.Storage.Embedded;
using Puppylog.Storage.Embedded.Retention;

namespace Puppylog.App.Cli;

/// <summary><c>--retain</c> and <c>--retain-size</c>, of every command that opens the store for writing for long.</summary>
static class RetentionOptions
{
    public static Option<TimeSpan?> Retain { get; } = new("--retain")
    {
        Description = "Drop records older than this, from now on (30d, 12h, 4w, 1y); forever keeps them. Remembered in the store",
        HelpName = "AGE",
        CustomParser = ParseAge,
    };

    public static Option<long?> RetainSize { get; } = new("--retain-size")
    {
        Description = "Drop the oldest records while segments, catalogue and quarantine are larger than this (50GB, 500MB); unlimited keeps them. Remembered in the store",
        HelpName = "SIZE",
        CustomParser = ParseSize,
    };

    public static RetentionChange Change(ParseResult parsed) => new(parsed.GetValue(Retain), parsed.GetValue(RetainSize));

    /// <summary>Makes the store keep what was asked for; tells what is in force where that is not everything.</summary>
    public static async Task ApplyAsync(ILogStore store, RetentionChange change, Action<string> tell, CancellationToken cancellationToken)
    {
        var policy = change.IsEmpty
            ? ((IEmbeddedStore)store).ReadStatus().Retention
            : await ((IStoreUpkeep)store).SetRetentionAsync(change, cancellationToken);
        if (Text(policy) is { } text)
        {
            tell(change.IsEmpty ? $"{text}, as was set before; --retain {RetentionText.Forever} and --retain-size {RetentionText.Unlimited} lift it" : text);
        }
    }

    static string? Text(RetentionPolicy policy) => policy switch
    {
        { Age: { } age, Bytes: { } bytes } => $"the store keeps records for {RetentionText.Format(age)} and up to {RetentionText.Format(bytes)}",
        { Age: { } age } => $"the store keeps records for {RetentionText.Format(age)}",
        { Bytes: { } bytes } => $"the store keeps records up to {RetentionText.Format(bytes)}",
        _ => null,
    };

    static TimeSpan? ParseAge(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (RetentionText.TryParseAge(text, out var age))
        {
            return age;
        }

        result.AddError($"--retain takes an age such as 30d, 12h, 4w or 1y, or {RetentionText.Forever}; not '{text}'");
        return null;
    }

    static long? ParseSize(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (RetentionText.TryParseSize(text, out var bytes))
        {
            return bytes;
        }

        result.AddError($"--retain-size takes a size such as 50GB, 500MB or 20GiB, at least {RetentionText.MinBytes >> 20}MiB, or {RetentionText.Unlimited}; not '{text}'");
        return null;
    }
}
