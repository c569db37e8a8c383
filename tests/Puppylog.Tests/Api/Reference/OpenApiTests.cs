using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Puppylog.App.Api.Reference;
using Puppylog.App.Cli;
using Puppylog.App.Hosting;
using Puppylog.App.Watch.Boards;
using Puppylog.Storage.Embedded;
using Puppylog.Tests.Storage.Embedded;

namespace Puppylog.Tests.Api.Reference;

public sealed partial class OpenApiTests
{
    static readonly JsonElement Document = JsonDocument.Parse(ReferenceEndpoints.Open("openapi.json")).RootElement;

    [Fact]
    public async Task Every_route_is_described_and_every_description_is_a_route()
    {
        using var directory = new TemporaryDirectory();
        await using var store = await EmbeddedStore.OpenWriterAsync(directory.Data, new EmbeddedStoreOptions(TimeProvider.System), CancellationToken.None);
        await using var boards = new StoreBoards(directory.Data, TimeProvider.System, store);
        var state = new ServerState(store, null, null, TimeProvider.System) { Directory = directory.Data, Boards = boards };
        await using var server = await WebServer.StartAsync(new(new IPEndPoint(IPAddress.Loopback, 0), null, null, null), state, CancellationToken.None);
        var described = Document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => $"{operation.Name.ToUpperInvariant()} {Parameter().Replace(path.Name, "{}")}"));
        Assert.Equal(
            server.Routes.Select(route => $"{route.Method} {Parameter().Replace(route.Path, "{}")}").Order(StringComparer.Ordinal),
            described.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_reference_leads_somewhere()
    {
        foreach (Match reference in Reference().Matches(Document.GetRawText()))
        {
            var at = Document.GetProperty("components");
            foreach (var part in reference.Groups[1].Value.Split('/'))
            {
                Assert.True(at.TryGetProperty(part, out at), reference.Value);
            }
        }
    }

    [Fact]
    public void Operations_have_names_of_their_own_and_known_tags()
    {
        var tags = Document.GetProperty("tags").EnumerateArray().Select(tag => tag.GetProperty("name").GetString()).ToHashSet();
        var operations = Document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(operation => (Path: path.Name, operation.Value))).ToList();
        Assert.Equal(operations.Count, operations.DistinctBy(operation => operation.Value.GetProperty("operationId").GetString()).Count());
        Assert.All(operations, operation => Assert.Contains(operation.Value.GetProperty("tags")[0].GetString(), tags));
        foreach (var (path, operation) in operations)
        {
            var named = operation.TryGetProperty("parameters", out var parameters)
                ? parameters.EnumerateArray().Where(parameter => parameter.GetProperty("in").GetString() == "path").Select(parameter => parameter.GetProperty("name").GetString()!)
                : [];
            Assert.Equal(Parameter().Matches(path).Select(match => match.Value.Trim('{', '}')).Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void Version_is_that_of_the_program() =>
        Assert.StartsWith(Document.GetProperty("info").GetProperty("version").GetString()!, VersionCommand.Version, StringComparison.Ordinal);

    [Fact]
    public void Page_has_nothing_inline_and_nothing_of_other_hosts()
    {
        foreach (var name in new[] { "docs.html", "docs.js", "docs.css" })
        {
            using var reader = new StreamReader(ReferenceEndpoints.Open(name));
            var text = reader.ReadToEnd();
            Assert.DoesNotContain("://", text, StringComparison.Ordinal);
            Assert.DoesNotContain("innerHTML", text, StringComparison.Ordinal);
            Assert.DoesNotMatch(Inline(), text);
        }
    }

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter();

    [GeneratedRegex("\"\\$ref\": *\"#/components/([^\"]+)\"")]
    private static partial Regex Reference();

    [GeneratedRegex(@"<style|<script(?![^>]*src=)|\son\w+=|\sstyle=", RegexOptions.IgnoreCase)]
    private static partial Regex Inline();
}
