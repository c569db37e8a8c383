using Microsoft.AspNetCore.Http;
using Puppylog.Query.Filters;
using Puppylog.Storage.Embedded;

namespace Puppylog.App.Api.Security;

/// <summary>Who asks.</summary>
/// <param name="Name">The key's name; <c>token</c> for the server's token, null where nobody has to say who he is.</param>
/// <param name="Role">What he may do.</param>
/// <param name="Streams">What he sees of the records; null for all.</param>
/// <param name="Selector">The same as it was written.</param>
sealed record Caller(string? Name, ApiRole Role, Filter? Streams = null, string? Selector = null)
{
    /// <summary>Where nothing is asked of anybody.</summary>
    public static Caller Anybody { get; } = new(null, ApiRole.Admin);

    /// <summary>The caller of a request that the gate let in.</summary>
    public static Caller Of(HttpContext context) => context.Features.Get<Caller>() ?? Anybody;

    /// <summary>True where what needs a role is open to this one.</summary>
    public bool May(ApiRole needed) => Role == ApiRole.Admin || Role == needed;
}
