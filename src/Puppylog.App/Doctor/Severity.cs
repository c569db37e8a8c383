namespace Puppylog.App.Doctor;

/// <summary>How bad a finding is; the worst one is the command's exit code.</summary>
enum Severity
{
    Ok = 0,
    Warning = 1,
    Error = 2,
}
