using System.Buffers;
using System.Text.Json;

namespace Puppylog.Sources.Containers;

/// <summary>
/// A file with the output of a container, as kubelets and Docker lay them out, and what its path says of it:
/// <c>/var/log/containers/POD_NAMESPACE_CONTAINER-ID.log</c> (a link), <c>/var/log/pods/NAMESPACE_POD_UID/CONTAINER/0.log</c>,
/// <c>/var/lib/docker/containers/ID/ID-json.log</c>.
/// </summary>
static class ContainerFile
{
    public const string Prefix = "containers:";
    public const string Namespace = "kubernetes.namespace";
    public const string Pod = "kubernetes.pod";
    public const string Container = "kubernetes.container";
    public const string ContainerId = "container_id";
    public const string ContainerName = "container_name";

    static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");

    const string LogSuffix = ".log";
    const string DockerSuffix = "-json.log";
    const string DockerConfiguration = "config.v2.json";
    const int IdLength = 64;
    const long LargestConfiguration = 4 << 20;

    /// <summary>Patterns for the files in a directory of one of the three kinds.</summary>
    public static IReadOnlyList<string> Patterns(string directory)
    {
        var escaped = string.Concat(Path.GetFullPath(directory).Select(character => character is '*' or '?' or '[' or '{' or '\\' ? $"\\{character}" : $"{character}"));
        return [$"{escaped}/*{LogSuffix}", $"{escaped}/*/*{DockerSuffix}", $"{escaped}/*/*/*{LogSuffix}"];
    }

    /// <summary>The container of a file; nothing where its path does not say.</summary>
    public static IReadOnlyList<SourceField> FieldsOf(string path) => OfLink(path) ?? OfPod(Resolve(path)) ?? OfDocker(Resolve(path)) ?? [];

    static string Resolve(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            // Reading it will tell.
            return path;
        }
    }

    static List<SourceField>? OfLink(string path)
    {
        var name = Path.GetFileName(path);
        if (!name.EndsWith(LogSuffix, StringComparison.Ordinal) || name.Split('_') is not [var pod, var space, var rest])
        {
            return null;
        }

        rest = rest[..^LogSuffix.Length];
        var dash = rest.LastIndexOf('-');
        return dash > 0 && IsId(rest.AsSpan(dash + 1)) ? OfKubernetes(space, pod, rest[..dash], rest[(dash + 1)..]) : null;
    }

    static List<SourceField>? OfPod(string path) =>
        path.Split('/') is [.., var pod, var container, _] && pod.Split('_') is [var space, var name, _] ? OfKubernetes(space, name, container, null) : null;

    static List<SourceField>? OfDocker(string path)
    {
        if (path.Split('/') is not [.., var id, var name] || name != id + DockerSuffix || !IsId(id))
        {
            return null;
        }

        var (container, labels) = ReadConfiguration(Path.Combine(Path.GetDirectoryName(path)!, DockerConfiguration));
        if (labels.TryGetValue("io.kubernetes.pod.namespace", out var space) && labels.TryGetValue("io.kubernetes.pod.name", out var pod)
            && labels.TryGetValue("io.kubernetes.container.name", out var inner))
        {
            return OfKubernetes(space, pod, inner, id);
        }

        return container is null ? [new(ContainerId, id)] : [new(ContainerName, container), new(ContainerId, id, IsOfStream: false)];
    }

    static List<SourceField> OfKubernetes(string space, string pod, string container, string? id)
    {
        List<SourceField> fields = [new(Namespace, space), new(Pod, pod), new(Container, container)];
        if (id is not null)
        {
            fields.Add(new(ContainerId, id, IsOfStream: false));
        }

        return fields;
    }

    /// <summary>What Docker says of a container; nothing where that may not be read.</summary>
    static (string? Name, Dictionary<string, string> Labels) ReadConfiguration(string path)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            if (new FileInfo(path) is not { Exists: true, Length: <= LargestConfiguration })
            {
                return (null, labels);
            }

            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            var root = document.RootElement;
            if (Member(Member(root, "Config"), "Labels") is { ValueKind: JsonValueKind.Object } named)
            {
                foreach (var label in named.EnumerateObject().Where(label => label.Value.ValueKind == JsonValueKind.String))
                {
                    labels[label.Name] = label.Value.GetString()!;
                }
            }

            var name = Member(root, "Name") is { ValueKind: JsonValueKind.String } text ? text.GetString()!.TrimStart('/') : "";
            return (name.Length > 0 ? name : null, labels);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException)
        {
            return (null, labels);
        }
    }

    static JsonElement? Member(JsonElement? element, string name) =>
        element is { ValueKind: JsonValueKind.Object } known && known.TryGetProperty(name, out var value) ? value : null;

    static bool IsId(ReadOnlySpan<char> text) => text.Length == IdLength && !text.ContainsAnyExcept(Digits);
}
