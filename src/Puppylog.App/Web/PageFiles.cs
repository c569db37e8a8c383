using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;

namespace Puppylog.App.Web;

/// <summary>The files that the build of <c>web/</c> left in the executable, by their path: <c>/index.html</c>.</summary>
sealed class PageFiles
{
    const string Prefix = "webui/";

    readonly FrozenDictionary<string, PageFile> _files;

    PageFiles(Dictionary<string, PageFile> files) => _files = files.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>False where the executable was built without Node.js.</summary>
    public bool AreThere => _files.ContainsKey("/index.html");

    public PageFile? Find(string path) => _files.GetValueOrDefault(path);

    public static PageFiles Read()
    {
        var assembly = typeof(PageFiles).Assembly;
        var files = new Dictionary<string, PageFile>();
        foreach (var packed in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(".gz", StringComparison.Ordinal)))
        {
            var name = packed[..^".gz".Length];
            var gzip = Bytes(assembly, packed);
            files['/' + name[Prefix.Length..]] = new(
                ContentType(name),
                $"\"{Convert.ToHexStringLower(SHA256.HashData(gzip)[..12])}\"",
                name.StartsWith(Prefix + "assets/", StringComparison.Ordinal),
                gzip,
                Bytes(assembly, name + ".br"));
        }

        return new(files);
    }

    static byte[] Bytes(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{name} is not in the executable");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    static string ContentType(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".woff2" => "font/woff2",
        _ => "application/octet-stream",
    };
}
