using System.Net;

namespace Puppylog.App.Hosting;

/// <summary>How <c>serve</c> is reached.</summary>
/// <param name="Listen">Address and port; port 0 takes a free one.</param>
/// <param name="Token">What a client must show for all but <c>/health</c> and <c>/ready</c>; null: nothing.</param>
/// <param name="CertificateFile">PEM; null: no TLS.</param>
/// <param name="KeyFile">PEM; null: the key is in the certificate's file.</param>
sealed record ServerSettings(IPEndPoint Listen, string? Token, string? CertificateFile, string? KeyFile);
