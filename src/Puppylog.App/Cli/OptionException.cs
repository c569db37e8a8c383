namespace Puppylog.App.Cli;

/// <summary>Options that a command cannot take as they are; the command's help is named behind the message.</summary>
sealed class OptionException(string message) : UsageException(message);
