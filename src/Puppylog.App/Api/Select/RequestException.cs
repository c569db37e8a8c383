namespace Puppylog.App.Api.Select;

/// <summary>A request that cannot be meant so; the message says what would do.</summary>
sealed class RequestException(string message) : Exception(message);
