using System.Text;

namespace Puppylog.Generation;

/// <summary>A made-up shop on the web and its visitors, every piece of text ready as bytes.</summary>
sealed class Site
{
    const int ClientCount = 20_000;

    static readonly string[] Words = ["lamp", "chair", "oak", "linen", "mug", "sofa", "shelf", "desk", "rug", "vase", "clock", "bench", "mirror", "stool", "frame", "basket"];

    /// <summary>The most frequent first.</summary>
    static readonly string[] AgentTexts =
    [
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
        "Mozilla/5.0 (Linux; Android 14; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Safari/605.1.15",
        "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:131.0) Gecko/20100101 Firefox/131.0",
        "Mozilla/5.0 (iPad; CPU OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Mobile/15E148 Safari/604.1",
        "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0",
        "curl/8.5.0",
        "python-requests/2.32.3",
        "Go-http-client/2.0",
        "kube-probe/1.31",
        "-",
    ];

    static readonly string[] ReferrerTexts = ["-", "https://www.google.com/", "https://www.bing.com/", "https://duckduckgo.com/", "https://news.example.org/", "https://t.co/x7Yz"];

    static readonly string[] ProbeTexts = ["/wp-login.php", "/.env", "/xmlrpc.php", "/admin/config.php", "/.git/config", "/phpmyadmin/index.php", "/old/catalogue.html"];

    public Site(Randomness random)
    {
        Clients = new byte[ClientCount][];
        for (var i = 0; i < ClientCount; i++)
        {
            Clients[i] = i % 50 == 49
                ? Bytes($"2001:db8:{random.Below(65_536):x}:{random.Below(65_536):x}::{random.Between(1, 65_535):x}")
                : Bytes($"{random.Between(1, 223)}.{random.Below(256)}.{random.Below(256)}.{random.Between(1, 254)}");
        }

        Routes = MakeRoutes(random);
    }

    public byte[][] Clients { get; }

    /// <summary>What the shop answers to, the most wanted first.</summary>
    public SiteRoute[] Routes { get; }

    public byte[][] Agents { get; } = [.. AgentTexts.Select(Bytes)];

    /// <summary>Where visitors come from, the most frequent first.</summary>
    public byte[][] Referrers { get; } = [.. ReferrerTexts.Select(Bytes)];

    /// <summary>What only scanners ask for.</summary>
    public byte[][] Probes { get; } = [.. ProbeTexts.Select(Bytes)];

    static SiteRoute[] MakeRoutes(Randomness random)
    {
        List<SiteRoute> routes =
        [
            new(Bytes("/"), RouteKind.Page, 18_400),
            new(Bytes("/static/js/app.4f1d2c.js"), RouteKind.Asset, 148_200),
            new(Bytes("/static/css/main.9b27e0.css"), RouteKind.Asset, 31_700),
            new(Bytes("/api/v1/cart"), RouteKind.Api, 640),
            new(Bytes("/favicon.ico"), RouteKind.Asset, 1150),
            new(Bytes("/products"), RouteKind.Page, 24_100),
            new(Bytes("/api/v1/session"), RouteKind.Api, 310),
            new(Bytes("/health"), RouteKind.Page, 2),
            new(Bytes("/login"), RouteKind.Form, 5200),
            new(Bytes("/cart"), RouteKind.Page, 9800),
            new(Bytes("/checkout"), RouteKind.Form, 12_300),
        ];
        for (var i = 0; i < 4000; i++)
        {
            var word = Words[random.Below(Words.Length)];
            var other = Words[random.Below(Words.Length)];
            var size = random.Between(400, 60_000);
            routes.Add(random.Below(10) switch
            {
                0 or 1 => new(Bytes($"/products/{word}-{other}-{random.Between(100, 9999)}"), RouteKind.Page, size),
                2 or 3 => new(Bytes($"/images/{word}/{random.Next() & 0xFFFFFF:x6}_{(random.Below(2) == 0 ? 160 : 640)}.jpg"), RouteKind.Asset, size),
                4 => new(Bytes($"/search?q={word}+{other}&page={random.Between(1, 9)}"), RouteKind.Page, size),
                5 => new(Bytes($"/blog/{random.Between(2019, 2025)}/{word}-and-{other}"), RouteKind.Page, size),
                6 => new(Bytes($"/api/v1/products/{random.Between(100, 9999)}"), RouteKind.Api, size / 20),
                7 => new(Bytes($"/api/v1/search?q={word}&limit={random.Between(1, 6) * 10}"), RouteKind.Api, size / 10),
                8 => new(Bytes($"/users/{random.Between(1, 50_000)}/orders"), RouteKind.Page, size / 4),
                _ => new(Bytes($"/static/fonts/{word}-{random.Next() & 0xFFFF:x4}.woff2"), RouteKind.Asset, size),
            });
        }

        return [.. routes];
    }

    static byte[] Bytes(string text) => Encoding.ASCII.GetBytes(text);
}
