using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Puppylog.Forwarding;

namespace Puppylog.Configuration.Reading;

/// <summary>Reads <c>agent</c>, and knows what else an agent's configuration may hold.</summary>
static class AgentReader
{
    /// <summary>Section ⇶ why it is none of an agent.</summary>
    static readonly (string Section, string Reason)[] Others =
    [
        ("store", "an agent stores nothing itself; its own directory is agent.data"),
        ("retention", "an agent keeps nothing; the server's configuration says for how long"),
        ("server", "an agent serves nobody; where it sends to is agent.server"),
        ("groups", "an agent answers no queries; groups are named at the server"),
        ("metrics", "metrics are the server's"),
        ("alerts", "alerts are the server's"),
        ("notifiers", "notifiers are the server's"),
    ];

    public static AgentConfiguration Read(MapReader map)
    {
        var agent = new AgentConfiguration
        {
            Server = map.Text("server", "an address like https://logs.example.com:7447") is { } server ? ReadServer(map, server) : null,
            Token = map.Secret("token"),
            Authority = ReadAuthority(map),
            Id = ReadId(map),
            Data = map.Text("data", "the path of a directory") is { } data ? map.Context.PathOf(data.Text) : null,
            SpoolSize = map.Size("spool_size", AgentConfiguration.LeastSpoolSize, long.MaxValue / 4),
        };
        map.End();
        return agent;
    }

    /// <summary>Tells of the sections that an agent cannot act by.</summary>
    public static void RefuseOthers(MapReader root)
    {
        foreach (var (section, reason) in Others)
        {
            if (root.Has(section))
            {
                root.Context.Add(root.PlaceOf(section), $"{section} {(section.EndsWith('s') ? "are" : "is")} not for an agent: {reason}");
            }
        }
    }

    static Uri? ReadServer(MapReader map, TextValue server)
    {
        if (AgentConfiguration.TryParseServer(server.Text, out var address))
        {
            return address;
        }

        // What stands before an @ may be a password.
        map.Context.Add(server.Place, server.Text.Contains('@', StringComparison.Ordinal)
            ? "server: an address with a user in it, who is told to nobody; expected one like https://logs.example.com:7447, and token or token_file"
            : $"server: expected an address like https://logs.example.com:7447, found '{server.Text}'");
        return null;
    }

    static string? ReadAuthority(MapReader map)
    {
        if (map.Text("ca", "the path of a file with certificates in PEM") is not { } file)
        {
            return null;
        }

        var path = map.Context.PathOf(file.Text);
        try
        {
            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPem(map.Context.Environment.ReadText(path));
            if (certificates.Count > 0)
            {
                return path;
            }

            map.Context.Add(file.Place, $"ca: {file.Text} holds no certificate in PEM");
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException or CryptographicException)
        {
            map.Context.Add(file.Place, $"ca: {wrong.Message}");
        }

        return null;
    }

    static string? ReadId(MapReader map)
    {
        if (map.Text("id") is not { } id)
        {
            return null;
        }

        if (!AgentName.IsValid(id.Text))
        {
            map.Context.Add(id.Place, $"id: expected up to {AgentName.MaxLength} letters, digits, '-' and '_', found '{id.Text}'");
        }

        return id.Text;
    }
}
