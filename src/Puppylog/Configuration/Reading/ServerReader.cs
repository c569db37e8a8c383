using System.Globalization;

namespace Puppylog.Configuration.Reading;

/// <summary>Reads <c>server</c>.</summary>
static class ServerReader
{
    public static ServerConfiguration Read(MapReader map)
    {
        var server = new ServerConfiguration();
        if (map.Text("listen", "HOST:PORT") is { } listen)
        {
            var colon = listen.Text.LastIndexOf(':');
            if (colon <= 0 || !ushort.TryParse(listen.Text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _))
            {
                map.Context.Add(listen.Place, $"listen: expected HOST:PORT like {ServerConfiguration.DefaultListen}, found '{listen.Text}'");
            }

            server = server with { Listen = listen.Text };
        }

        server = server with { Token = map.Secret("token"), Certificate = ReadFile(map, "tls_cert"), Key = ReadFile(map, "tls_key") };
        if (map.Has("tls_key") && !map.Has("tls_cert"))
        {
            map.Context.Add(map.PlaceOf("tls_key"), "tls_key: a key without a certificate; tls_cert is missing");
        }

        map.End();
        return server;
    }

    static string? ReadFile(MapReader map, string key) => map.Text(key, "the path of a file in PEM") is { } file ? map.Context.PathOf(file.Text) : null;
}
