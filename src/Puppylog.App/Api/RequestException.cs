using Microsoft.AspNetCore.Http;

namespace Puppylog.App.Api;

/// <summary>
/// A request that is not answered as it was meant: it cannot be meant so (400), what it names is not there, is there already, or
/// cannot be now. The message says what would do.
/// </summary>
/// <param name="status">400, 404, 409, 415, 422, 429 …</param>
sealed class RequestException(int status, string message) : Exception(message)
{
    public RequestException(string message)
        : this(StatusCodes.Status400BadRequest, message)
    {
    }

    public int Status => status;

    /// <summary>When it may be asked again, in seconds; null where that would not help.</summary>
    public int? RetryAfter { get; init; }
}
