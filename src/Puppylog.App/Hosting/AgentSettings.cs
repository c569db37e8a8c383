using System.Security.Cryptography.X509Certificates;

namespace Puppylog.App.Hosting;

/// <param name="Server">Where the server is.</param>
/// <param name="Token">What it asks for; null: nothing.</param>
/// <param name="Authority">Who vouches for its certificate; null: the system's roots.</param>
/// <param name="Directory">Where the agent keeps its identity and its spool.</param>
/// <param name="Id">What the server knows the agent by; null: what its directory says.</param>
/// <param name="SpoolSize">Bytes that the spool may have.</param>
sealed record AgentSettings(Uri Server, string? Token, X509Certificate2Collection? Authority, string Directory, long SpoolSize, string? Id = null);
