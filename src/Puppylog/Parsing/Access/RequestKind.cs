namespace Puppylog.Parsing.Access;

/// <summary>What a logged request line is. The values order the templates.</summary>
enum RequestKind : byte
{
    /// <summary><c>METHOD route PROTOCOL</c>.</summary>
    Http = 0,

    /// <summary><c>METHOD /route</c>, as HTTP/0.9 asks (RFC 9112, appendix C.1.1).</summary>
    WithoutProtocol = 1,

    /// <summary>Anything else, TLS bytes for one; also none at all, which is logged as a dash.</summary>
    Other = 2,
}
