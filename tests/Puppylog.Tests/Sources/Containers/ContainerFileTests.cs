using Puppylog.Sources;
using Puppylog.Sources.Containers;
using Puppylog.Tests.Pipeline;

namespace Puppylog.Tests.Sources.Containers;

public sealed class ContainerFileTests
{
    static readonly string Id = string.Concat(Enumerable.Repeat("0123456789abcdef", 4));

    [Theory]
    [InlineData("/var/log/containers/web-5d9c_shop_nginx-proxy-{id}.log", "kubernetes.namespace=shop kubernetes.pod=web-5d9c kubernetes.container=nginx-proxy (container_id={id})")]
    [InlineData("/var/log/pods/shop_web-5d9c_6f1c0b5e-aaaa/nginx/0.log", "kubernetes.namespace=shop kubernetes.pod=web-5d9c kubernetes.container=nginx")]
    [InlineData("/var/lib/docker/containers/{id}/{id}-json.log", "container_id={id}")]
    [InlineData("/var/log/containers/web_shop_nginx-short.log", "")]
    [InlineData("/var/log/other.log", "")]
    public void Path_says_what_the_container_is(string path, string expected) =>
        Assert.Equal(expected.Replace("{id}", Id, StringComparison.Ordinal), Text(ContainerFile.FieldsOf(path.Replace("{id}", Id, StringComparison.Ordinal))));

    [Theory]
    [InlineData("{\"Name\":\"/web\",\"Config\":{\"Labels\":null}}", "container_name=web (container_id={id})")]
    [InlineData("{\"Config\":{\"Labels\":{\"io.kubernetes.pod.name\":\"p\",\"io.kubernetes.pod.namespace\":\"n\",\"io.kubernetes.container.name\":\"c\",\"x\":1}}}", "kubernetes.namespace=n kubernetes.pod=p kubernetes.container=c (container_id={id})")]
    [InlineData("{\"Name\":3,\"Config\":[]}", "container_id={id}")]
    [InlineData("[", "container_id={id}")]
    [InlineData("[]", "container_id={id}")]
    public async Task Docker_says_the_name(string configuration, string expected)
    {
        await using var bench = new CollectBench();
        Directory.CreateDirectory(bench.PathOf(Id));
        File.WriteAllText(bench.PathOf($"{Id}/config.v2.json"), configuration);
        Assert.Equal(expected.Replace("{id}", Id, StringComparison.Ordinal), Text(ContainerFile.FieldsOf(bench.PathOf($"{Id}/{Id}-json.log"))));
    }

    [Fact]
    public async Task Directory_of_a_kubelet_is_followed_through_rotation_restart_and_removal()
    {
        await using var bench = new CollectBench();
        var pod = Directory.CreateDirectory(bench.PathOf("pods/shop_web_uid/nginx")).FullName;
        Directory.CreateDirectory(bench.PathOf("containers"));
        var link = bench.PathOf($"containers/web_shop_nginx-{Id}.log");
        File.WriteAllText($"{pod}/0.log", "one\n");
        File.CreateSymbolicLink(link, $"{pod}/0.log");
        await bench.WatchAsync($"containers:{bench.PathOf("containers")}");
        await bench.PollAsync();
        File.Move($"{pod}/0.log", $"{pod}/0.log.20261122-070000");
        File.AppendAllText($"{pod}/0.log.20261122-070000", "two\n");
        File.WriteAllText($"{pod}/0.log", "three\n");
        await bench.PollLongAsync();
        Assert.Equal(["one", "two", "three"], bench.Store.Texts);

        File.WriteAllText($"{pod}/1.log", "four\n");
        File.Delete(link);
        var next = bench.PathOf($"containers/web_shop_nginx-{Id.Replace('0', 'f')}.log");
        File.CreateSymbolicLink(next, $"{pod}/1.log");
        bench.Clock.Advance(TimeSpan.FromSeconds(11));
        await bench.PollLongAsync();
        // The same name, pointed elsewhere.
        File.WriteAllText($"{pod}/2.log", "five\n");
        File.Delete(next);
        File.CreateSymbolicLink(next, $"{pod}/2.log");
        bench.Clock.Advance(TimeSpan.FromSeconds(11));
        await bench.PollLongAsync();
        Assert.Equal(["one", "two", "three", "four", "five"], bench.Store.Texts);
        Assert.All(bench.Store.Lines, line => Assert.Equal("{kubernetes.namespace=\"shop\",kubernetes.pod=\"web\",kubernetes.container=\"nginx\"}", line.Fields["_stream"]));
        Assert.Equal([Id, Id, Id, Id.Replace('0', 'f'), Id.Replace('0', 'f')], bench.Store.Lines.Select(line => line.Fields["container_id"]));
        Assert.Equal(link, bench.Store.Lines[0].Fields["file_path"]);
    }

    [Fact]
    public async Task Directories_of_pods_and_of_docker_are_read()
    {
        await using var bench = new CollectBench();
        Directory.CreateDirectory(bench.PathOf("shop_web_uid/nginx"));
        File.WriteAllText(bench.PathOf("shop_web_uid/nginx/0.log"), "pod\n");
        Directory.CreateDirectory(bench.PathOf(Id));
        File.WriteAllText(bench.PathOf($"{Id}/{Id}-json.log"), "docker\n");
        File.WriteAllText(bench.PathOf($"{Id}/config.v2.json"), "{\"Name\":\"/web\"}");
        var summary = await bench.RunAsync($"containers:{bench.Folder}");
        Assert.Empty(summary.Failures);
        Assert.Equal(
            ["docker {container_name=\"web\"}", "pod {kubernetes.namespace=\"shop\",kubernetes.pod=\"web\",kubernetes.container=\"nginx\"}"],
            bench.Store.Lines.Select(line => $"{line.Text} {line.Fields["_stream"]}").Order());
        Directory.CreateDirectory(bench.PathOf("empty"));
        Assert.Equal([$"containers:{bench.PathOf("empty")}: no file matches"], (await bench.RunAsync($"containers:{bench.PathOf("empty")}")).Failures);
    }

    static string Text(IReadOnlyList<SourceField> fields) =>
        string.Join(' ', fields.Select(field => field.IsOfStream ? $"{field.Name}={field.Value}" : $"({field.Name}={field.Value})"));
}
