using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Serialization;
using Puppylog.Alerts.Notifiers.Mail;
using Puppylog.Alerts.Rules;

namespace Puppylog.Alerts.Notifiers;

/// <summary>A notifier as somebody wrote it. What is secret is named (<c>env:NAME</c>, <c>file:PATH</c>), and read when it is needed.</summary>
sealed record NotifierDraft
{
    public static IReadOnlyList<string> Types { get; } = ["console", "file", "command", "webhook", "slack", "teams", "email", "alertmanager"];

    public static IReadOnlyList<string> Securities { get; } = ["starttls", "tls", "none"];

    const int LongestName = 100;

    public string? Name { get; init; }

    /// <summary>One of <see cref="Types"/>.</summary>
    public string? Type { get; init; }

    /// <summary>Where to post; may be <c>env:NAME</c> or <c>file:PATH</c>, as the address of a chat is a secret.</summary>
    public string? Url { get; init; }

    /// <summary>What to append to.</summary>
    public string? Path { get; init; }

    /// <summary>What /bin/sh runs.</summary>
    public string? Command { get; init; }

    public string? Host { get; init; }

    public int? Port { get; init; }

    /// <summary>One of <see cref="Securities"/>.</summary>
    public string? Security { get; init; }

    /// <summary>A file in PEM of those who may vouch for the server's certificate.</summary>
    public string? Ca { get; init; }

    public string? User { get; init; }

    public string? Password { get; init; }

    public string? From { get; init; }

    public IReadOnlyList<string> To { get; init; } = [];

    /// <summary>What is shown to the receiver as a bearer.</summary>
    public string? Token { get; init; }

    /// <summary>Secrets by setting that a configuration has resolved; never kept.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, string> Secrets { get; init; } = new Dictionary<string, string>();

    /// <summary>What a type takes beside its name, what it needs first.</summary>
    public static IReadOnlyList<string> Settings(string? type) => type switch
    {
        "file" => ["path"],
        "command" => ["command"],
        "webhook" or "slack" or "teams" or "alertmanager" => ["url", "token"],
        "email" => ["host", "from", "to", "port", "security", "ca", "user", "password"],
        _ => [],
    };

    /// <summary>All that is wrong, and what would do; empty where it can be used.</summary>
    public IEnumerable<AlertMistake> Check()
    {
        if (string.IsNullOrEmpty(Name) || Name.Length > LongestName || Name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-' or '.')))
        {
            yield return new("name", $"a notifier's name is 1 to {LongestName} letters, digits, '_', '-' and '.', for instance ops");
        }

        if (Type is null || !Types.Contains(Type))
        {
            yield return new("type", $"a notifier's type is one of {string.Join(", ", Types)}");
            yield break;
        }

        var takes = Settings(Type);
        foreach (var (setting, _) in Given().Where(given => !takes.Contains(given.Setting)))
        {
            yield return new(setting, $"a notifier of type {Type} takes no {setting}; it takes {(takes.Count == 0 ? "nothing more" : string.Join(", ", takes))}");
        }

        foreach (var setting in takes.Take(Type is "email" ? 3 : 1).Where(setting => Given().All(given => given.Setting != setting)))
        {
            yield return new(setting, $"a notifier of type {Type} needs {setting}");
        }

        if (Url is not null && !IsReference(Url) && !TryParseUrl(Url, out _))
        {
            yield return new("url", "url is http://… or https://…, without a user in it, or env:NAME or file:PATH where it is a secret");
        }

        foreach (var (setting, text) in new[] { ("token", Token), ("password", Password) })
        {
            if (text is not null && !IsReference(text))
            {
                yield return new(setting, $"{setting} is env:NAME or file:PATH, never the secret itself");
            }
        }

        foreach (var mistake in Type is "email" && Host is not null && From is not null ? MailMistakes() : [])
        {
            yield return mistake;
        }
    }

    /// <summary>Makes it, secrets read as they are now.</summary>
    /// <param name="http">For those that post.</param>
    /// <param name="console">Where the console is.</param>
    /// <exception cref="NotifierException">A secret or a certificate cannot be read.</exception>
    public INotifier Create(HttpClient http, TextWriter console, TimeProvider clock) => Type switch
    {
        "console" => new LineNotifier(console),
        "file" => new FileNotifier(Path!),
        "command" => new CommandNotifier("/bin/sh", ["-c", Command!]),
        "email" => new SmtpNotifier(Mail(Secret("password", Password), Trusted()), clock),
        "alertmanager" => WebhookNotifier.Alertmanager(http, Address(), Authorization(), clock),
        _ => new WebhookNotifier(http, Address(), Type switch { "slack" => WebhookShape.Slack, "teams" => WebhookShape.Teams, _ => WebhookShape.Json }, Authorization(), clock),
    };

    /// <summary>Where notices go, for people, and nothing that is secret.</summary>
    public string Describe() => Type switch
    {
        "file" => Path!,
        "command" => Command ?? "a command",
        "email" => $"{string.Join(", ", To)} by {Host}",
        "console" => "the output of the process that stores",
        _ when Url is null => "an address that is secret",
        _ when Url is not null && TryParseUrl(Url, out var url) => $"{url.Scheme}://{url.Authority}",
        _ => Url ?? "",
    };

    /// <summary>What others than its owner may know of it: no command and no address, as there could be a secret in them.</summary>
    public NotifierDraft Public() => new() { Name = Name, Type = Type, Path = Path, Host = Host, From = From, To = To, Url = Type is "webhook" or "slack" or "teams" or "alertmanager" ? Describe() : null };

    IEnumerable<AlertMistake> MailMistakes()
    {
        if (Security is not null && !Securities.Contains(Security))
        {
            yield return new("security", $"security is {string.Join(", ", Securities)}, and not '{Security}'");
            yield break;
        }

        foreach (var mistake in Mail(Password is null && !Secrets.ContainsKey("password") ? null : "?", null).Check())
        {
            yield return new(mistake.Contains("port", StringComparison.Ordinal) ? "port" : mistake.Contains("password", StringComparison.Ordinal) ? "password" : mistake.Contains('@') && To.Any(mistake.Contains) ? "to" : "from", mistake);
        }
    }

    SmtpOptions Mail(string? password, X509Certificate2Collection? trusted)
    {
        var security = Security switch { "tls" => SmtpSecurity.Tls, "none" => SmtpSecurity.None, _ => SmtpSecurity.StartTls };
        return new()
        {
            Host = Host!,
            Port = Port ?? security switch { SmtpSecurity.Tls => 465, SmtpSecurity.None => 25, _ => 587 },
            Security = security,
            User = User,
            Password = password,
            From = From!,
            To = To,
            Trusted = trusted,
        };
    }

    X509Certificate2Collection? Trusted()
    {
        if (Ca is null)
        {
            return null;
        }

        try
        {
            var trusted = new X509Certificate2Collection();
            trusted.ImportFromPemFile(Ca);
            return trusted;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new NotifierException($"{Ca} cannot be read: {error.Message}", error);
        }
    }

    Uri Address()
    {
        var text = IsReference(Url!) || Secrets.ContainsKey("url") ? Secret("url", Url)! : Url!;
        return TryParseUrl(text, out var url) ? url : throw new NotifierException("what it names is no address; it takes http://… or https://…");
    }

    string? Authorization() => Secret("token", Token) is { } token ? $"Bearer {token}" : null;

    string? Secret(string setting, string? reference)
    {
        if (Secrets.TryGetValue(setting, out var known))
        {
            return known;
        }

        return reference is null ? null : Notifiers.Secret.Read(reference, out var problem) ?? throw new NotifierException(problem!);
    }

    IEnumerable<(string Setting, object Value)> Given() =>
        from setting in new (string Name, object? Value)[]
        {
            ("url", Url), ("path", Path), ("command", Command), ("host", Host), ("port", Port), ("security", Security), ("ca", Ca), ("user", User), ("password", Password),
            ("from", From), ("to", To.Count > 0 ? To : null), ("token", Token),
        }
        let value = setting.Value ?? (Secrets.TryGetValue(setting.Name, out var secret) ? secret : null)
        where value is not null
        select (setting.Name, value);

    static bool IsReference(string text) => text.StartsWith("env:", StringComparison.Ordinal) || text.StartsWith("file:", StringComparison.Ordinal);

    static bool TryParseUrl(string text, out Uri url) => Uri.TryCreate(text, UriKind.Absolute, out url!) && url.Scheme is "http" or "https" && url.UserInfo.Length == 0;
}
