namespace Puppylog.Alerts.Notifiers;

/// <summary>Passwords and tokens are in the environment or in files, never in rules.</summary>
static class Secret
{
    /// <summary>Reads <c>env:NAME</c> or <c>file:PATH</c>; line ends behind a file's text do not belong to it.</summary>
    /// <param name="problem">What is wrong, without the secret.</param>
    public static string? Read(string reference, out string? problem)
    {
        problem = null;
        switch (reference.Split(':', 2))
        {
            case ["env", var name] when Environment.GetEnvironmentVariable(name) is { Length: > 0 } value:
                return value;
            case ["env", var name]:
                problem = $"the environment has no {name}";
                return null;
            case ["file", var path]:
                return ReadFile(path, out problem);
            default:
                problem = "a secret is env:NAME or file:PATH, never the secret itself";
                return null;
        }
    }

    static string? ReadFile(string path, out string? problem)
    {
        try
        {
            var text = File.ReadAllText(path).TrimEnd('\r', '\n');
            problem = text.Length == 0 ? $"{path} is empty" : null;
            return text.Length == 0 ? null : text;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            problem = $"{path} cannot be read: {error.Message}";
            return null;
        }
    }
}
