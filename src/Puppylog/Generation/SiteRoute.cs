namespace Puppylog.Generation;

enum RouteKind : byte
{
    Page,

    /// <summary>A file that browsers keep: it is often answered with 304.</summary>
    Asset,
    Api,

    /// <summary>A page that is also posted to.</summary>
    Form,
}

/// <param name="Text">The route as it is logged.</param>
/// <param name="Size">Bytes of a usual answer.</param>
readonly record struct SiteRoute(byte[] Text, RouteKind Kind, int Size);
