using Puppylog.Alerts.Notifiers;

namespace Puppylog.Configuration.Reading;

/// <summary>Reads <c>notifiers</c>.</summary>
static class NotifierReader
{
    /// <summary>Settings that are secret, or can be: taken as they are, or from the file that <c>NAME_file</c> names.</summary>
    static readonly string[] Secret = ["token", "password"];

    public static NotifierDraft Read(MapReader map)
    {
        map.Require("name", "the name that alerts use");
        map.Require("type", string.Join(", ", NotifierDraft.Types));
        var secrets = new Dictionary<string, string>(StringComparer.Ordinal);
        var draft = new NotifierDraft
        {
            Name = map.Text("name")?.Text,
            Type = map.Choice("type", NotifierDraft.Types),
            Path = map.Text("path", "the path of a file") is { } path ? map.Context.PathOf(path.Text) : null,
            Command = map.Text("command", "a command")?.Text,
            Host = map.Text("host")?.Text,
            Port = map.Number("port", 1, 65535),
            Security = map.Choice("security", NotifierDraft.Securities),
            Ca = map.Text("ca", "the path of a file") is { } ca ? map.Context.PathOf(ca.Text) : null,
            User = map.Text("user")?.Text,
            From = map.Text("from", "a mail address")?.Text,
            To = [.. map.Texts("to", "a mail address or a list of them").Select(address => address.Text)],
            Url = ReadUrl(map, secrets),
            Secrets = secrets,
        };
        foreach (var name in Secret)
        {
            if (map.Secret(name) is { } secret)
            {
                secrets.Add(name, secret.Value);
            }
        }

        foreach (var mistake in draft.Check().Where(mistake => mistake.Setting is not ("name" or "type") || (mistake.Setting == "name" && map.Has("name"))))
        {
            map.Context.Add(map.PlaceOf(map.Has($"{mistake.Setting}_file") ? $"{mistake.Setting}_file" : mistake.Setting), $"{mistake.Setting}: {mistake.Text}");
        }

        map.End();
        return draft;
    }

    /// <summary>The address of a chat is a secret, and may be in a file.</summary>
    static string? ReadUrl(MapReader map, Dictionary<string, string> secrets)
    {
        if (!map.Has("url_file"))
        {
            return map.Text("url", "an address")?.Text;
        }

        if (map.Secret("url") is { } url)
        {
            secrets.Add("url", url.Value);
        }

        return null;
    }
}
