namespace Puppylog.App.Api.Resources;

/// <summary>A request that is answered by a status of its own: what is named is not there, is there already, or cannot be now.</summary>
/// <param name="status">404, 409, 415, 422 …</param>
sealed class ResourceException(int status, string message) : Exception(message)
{
    public int Status => status;
}
