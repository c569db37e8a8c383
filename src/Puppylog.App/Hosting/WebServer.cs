using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Puppylog.App.Api;
using Puppylog.App.Api.Ingest;
using Puppylog.App.Api.Logs;
using Puppylog.App.Api.Prometheus;
using Puppylog.App.Api.Reference;
using Puppylog.App.Api.Resources;
using Puppylog.App.Api.Security;
using Puppylog.App.Api.Select;
using Puppylog.App.Api.Stats;
using Puppylog.App.Api.Tail;
using Puppylog.App.Cli;
using Puppylog.App.Web;
using Puppylog.Forwarding;

namespace Puppylog.App.Hosting;

/// <summary>Kestrel with the routes of <see cref="ServerState"/>, and nothing else of the framework: no configuration, no logging.</summary>
sealed class WebServer : IAsyncDisposable
{
    readonly WebApplication _web;

    WebServer(WebApplication web) => _web = web;

    /// <summary>Where it listens: <c>http://127.0.0.1:7447</c>.</summary>
    public Uri Address => new(_web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>What it answers: methods and the templates of paths.</summary>
    public IEnumerable<(string Method, string Path)> Routes => ((IEndpointRouteBuilder)_web).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
        .SelectMany(route => (route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? []).Select(method => (method, route.RoutePattern.RawText!)));

    /// <exception cref="UsageException">It cannot listen there, or the certificate is none.</exception>
    public static async Task<WebServer> StartAsync(ServerSettings settings, ServerState state, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        using var first = ServerTls.Read(settings);
        var tls = first is null ? null : new ServerTls(settings, state);
        builder.WebHost.UseKestrelCore();
        if (tls is not null)
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
        }

        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = Math.Max(BatchMessage.MaxLength, state.MaxBody);
            kestrel.Limits.MaxConcurrentConnections = 4096;
            kestrel.Listen(settings.Listen, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                if (tls is not null)
                {
                    listen.UseHttps(https => https.ServerCertificateSelector = (_, _) => tls.Current);
                }
            });
        });
        builder.Services.AddRoutingCore();
        builder.Services.Configure<Microsoft.Extensions.Hosting.HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));
        var web = builder.Build();
        var requests = new RequestMeter(state.Clock);
        web.Use(requests.CountAsync);
        // Before the gate, which judges by the path that is answered.
        web.Use(LogTarget.RouteAsync);
        web.Use(new WebPage(PageFiles.Read()).InvokeAsync);
        web.Use(new Gate(new Access(settings, state), AuditLog.In(state)).InvokeAsync);
        web.UseWebSockets(new() { KeepAliveInterval = TimeSpan.FromSeconds(15) });
        web.UseRouting();
        web.Use(requests.FollowAsync);
        HealthEndpoints.Map(web, state);
        AgentEndpoints.Map(web, state);
        IngestEndpoints.Map(web, state);
        var desk = new AnswerDesk(state, state.Limits);
        SelectEndpoints.Map(web, desk);
        TailEndpoints.Map(web, desk);
        if (state.Directory is not null)
        {
            ResourceEndpoints.Map(web, desk);
            LogEndpoints.Map(web, desk);
            var stats = new RequestStats(state.Store, state.Clock);
            StatsEndpoints.Map(web, stats, desk);
            PrometheusEndpoints.Map(web, state, desk, requests, stats.Cache);
        }

        ReferenceEndpoints.Map(web);
        if (state.Boards is not null)
        {
            DashboardEndpoints.Map(web, state);
        }

        web.UseEndpoints(static _ => { });
        try
        {
            await web.StartAsync(cancellationToken);
        }
        catch (IOException e)
        {
            await web.DisposeAsync();
            throw new UsageException($"cannot listen on {settings.Listen}: {e.InnerException?.Message ?? e.Message}; name another address with --listen HOST:PORT");
        }

        return new WebServer(web);
    }

    /// <summary>Takes no more requests; those under way have 5 s to end.</summary>
    public async ValueTask DisposeAsync()
    {
        await _web.StopAsync();
        await _web.DisposeAsync();
    }
}
