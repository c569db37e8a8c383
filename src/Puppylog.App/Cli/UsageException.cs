namespace Puppylog.App.Cli;

/// <summary>A mistake of the user or of the environment, told in one message that says the way out; ends the command with 2.</summary>
class UsageException(string message) : Exception(message);
