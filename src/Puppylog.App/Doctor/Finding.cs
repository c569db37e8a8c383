namespace Puppylog.App.Doctor;

/// <param name="Check">What was looked at.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Message">What was found.</param>
/// <param name="Fix">What helps; null where nothing is wrong.</param>
sealed record Finding(string Check, Severity Severity, string Message, string? Fix = null)
{
    public static Finding Ok(string check, string message) => new(check, Severity.Ok, message);

    public static Finding Warning(string check, string message, string fix) => new(check, Severity.Warning, message, fix);

    public static Finding Error(string check, string message, string fix) => new(check, Severity.Error, message, fix);
}
