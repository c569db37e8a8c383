namespace Puppylog.Configuration;

/// <summary>What lies around a configuration file.</summary>
/// <param name="Variable">The value of an environment variable; null where it is not set.</param>
/// <param name="ReadText">Reads a file that holds a secret.</param>
/// <param name="Now">What queries count back from: nanoseconds since 1970, UTC.</param>
sealed record ConfigurationEnvironment(Func<string, string?> Variable, Func<string, string> ReadText, long Now)
{
    public static ConfigurationEnvironment Of(TimeProvider clock) =>
        new(Environment.GetEnvironmentVariable, File.ReadAllText, Records.Timestamps.Now(clock));
}
