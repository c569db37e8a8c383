using System.Globalization;

namespace Puppylog.Configuration.Reading;

/// <summary>Reads <c>server</c>.</summary>
static class ServerReader
{
    const int MostQueries = 1024;
    const long LeastMemory = 1 << 20;
    const long MostMemory = 1L << 40;
    const long LeastBody = 64 << 10;

    /// <summary>A body is in memory three times over while it is stored.</summary>
    const long MostBody = 512 << 20;

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

        server = server with
        {
            MaxQueries = map.Number("max_queries", 1, MostQueries) ?? server.MaxQueries,
            QueryTimeout = map.Duration("query_timeout", TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)) ?? server.QueryTimeout,
            QueryMemory = map.Size("query_memory", LeastMemory, MostMemory) ?? server.QueryMemory,
            MaxBody = (int)(map.Size("max_body", LeastBody, MostBody) ?? server.MaxBody),
        };
        map.End();
        return server;
    }

    static string? ReadFile(MapReader map, string key) => map.Text(key, "the path of a file in PEM") is { } file ? map.Context.PathOf(file.Text) : null;
}
