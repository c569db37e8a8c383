namespace Puppylog.Alerts.Rules;

enum Severity
{
    Info,
    Warning,
    Critical,
}
