namespace Puppylog.Generation;

/// <summary>
/// Requests as a site sees them: a few clients and routes make most of them (law of Zipf), a client comes for a burst of
/// requests, and now and then something breaks for a while.
/// </summary>
sealed class Traffic
{
    const int OpenSessions = 48;

    /// <summary>A disturbance begins once in so many requests.</summary>
    const int BetweenIncidents = 40_000;

    static readonly byte[] Get = "GET"u8.ToArray();
    static readonly byte[] Post = "POST"u8.ToArray();
    static readonly byte[] Put = "PUT"u8.ToArray();
    static readonly byte[] Delete = "DELETE"u8.ToArray();
    static readonly byte[] Head = "HEAD"u8.ToArray();
    static readonly byte[] Own = "https://shop.example.com"u8.ToArray();

    readonly Randomness _random;
    readonly Site _site;
    readonly WeightedChoice _clients;
    readonly WeightedChoice _routes;
    readonly WeightedChoice _agents;
    readonly WeightedChoice _referrers;
    readonly Session[] _sessions = new Session[OpenSessions];
    int _incidentLeft;

    public Traffic(Randomness random)
    {
        _random = random;
        _site = new(random);
        _clients = WeightedChoice.Zipf(_site.Clients.Length);
        _routes = WeightedChoice.Zipf(_site.Routes.Length);
        _agents = WeightedChoice.Zipf(_site.Agents.Length);
        _referrers = WeightedChoice.Zipf(_site.Referrers.Length);
    }

    public Visit Next()
    {
        ref var session = ref _sessions[_random.Below(OpenSessions)];
        if (session.Left == 0)
        {
            session = Open();
        }

        session.Left--;
        if (_incidentLeft > 0)
        {
            _incidentLeft--;
        }
        else if (_random.Below(BetweenIncidents) == 0)
        {
            _incidentLeft = _random.Between(200, 3000);
        }

        var client = _site.Clients[session.Client];
        if (session.IsScanner)
        {
            return new(session.Client, client, Get, _site.Probes[_random.Below(_site.Probes.Length)], _site.Referrers[0], [], session.Agent, 404, 153, _random.Between(200, 3000));
        }

        ref readonly var route = ref _site.Routes[_routes.Pick(_random)];
        var status = Status(route.Kind);
        var size = status is 304 or 204 ? -1 : status >= 300 ? _random.Between(150, 600) : route.Size + _random.Below((route.Size >> 3) + 1);
        var slow = route.Kind == RouteKind.Asset ? 3000 : 60_000;
        // The sum of a usual and, once in a while, a long wait.
        var micros = _random.Between(slow / 20, slow) + (_random.Below(100) == 0 ? _random.Below(2_000_000) : 0) + (status >= 500 ? 500_000 + _random.Below(4_000_000) : 0);
        var visit = new Visit(session.Client, client, Method(route.Kind), route.Text, session.Referrer, session.Page, session.Agent, status, size, micros);
        if (route.Kind == RouteKind.Page)
        {
            session.Referrer = Own;
            session.Page = route.Text;
        }

        return visit;
    }

    Session Open() => new()
    {
        Client = _clients.Pick(_random),
        Agent = _site.Agents[_agents.Pick(_random)],
        Referrer = _site.Referrers[_referrers.Pick(_random)],
        Page = [],
        IsScanner = _random.Below(60) == 0,
        Left = 1 + (_random.Below(3) == 0 ? _random.Below(60) : _random.Below(6)),
    };

    int Status(RouteKind kind)
    {
        var draw = _random.Below(10_000);
        if (_incidentLeft > 0 && draw < 3500)
        {
            return draw < 2000 ? 503 : draw < 3000 ? 502 : 500;
        }

        return draw switch
        {
            < 12 => 500,
            < 20 => 503,
            < 30 => 504,
            < 180 => 404,
            < 230 => 403,
            < 290 => 401,
            < 320 => 400,
            < 340 => 429,
            < 600 => 302,
            < 750 => 301,
            < 2600 when kind == RouteKind.Asset => 304,
            < 850 when kind == RouteKind.Api => 204,
            < 1200 when kind == RouteKind.Api => 201,
            _ => 200,
        };
    }

    byte[] Method(RouteKind kind)
    {
        var draw = _random.Below(100);
        return kind switch
        {
            RouteKind.Form => draw < 55 ? Post : Get,
            RouteKind.Api => draw < 60 ? Get : draw < 85 ? Post : draw < 95 ? Put : Delete,
            _ => draw == 0 ? Head : Get,
        };
    }

    struct Session
    {
        public int Client;
        public int Left;
        public bool IsScanner;
        public byte[] Agent;
        public byte[] Referrer;
        public byte[] Page;
    }
}
