using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Puppylog.Query.Syntax;
using Puppylog.Records;

namespace Puppylog.App.Api;

/// <summary>The arguments of a request: from its address, and from its body where that is a form (the address goes before it).</summary>
sealed partial class RequestArguments
{
    /// <summary>Longer forms are refused: a query is no upload.</summary>
    const long MaxForm = 1 << 20;

    readonly IQueryCollection _address;
    readonly IFormCollection? _form;

    RequestArguments(IQueryCollection address, IFormCollection? form) => (_address, _form) = (address, form);

    /// <exception cref="RequestException">The form is none, or too long.</exception>
    public static async Task<RequestArguments> ReadAsync(HttpContext context)
    {
        var request = context.Request;
        if (!request.HasFormContentType)
        {
            return new(request.Query, null);
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = MaxForm;
        }

        try
        {
            return new(request.Query, await request.ReadFormAsync(context.RequestAborted));
        }
        catch (Exception e) when (e is InvalidDataException or BadHttpRequestException)
        {
            throw new RequestException($"the form cannot be read: {e.Message}");
        }
    }

    /// <summary>Null where it is not given, or empty.</summary>
    public string? Text(string name) => All(name).FirstOrDefault(text => !string.IsNullOrEmpty(text));

    public IEnumerable<string> Texts(string name) => All(name).OfType<string>().Where(text => text.Length > 0);

    public bool Flag(string name) => Text(name) switch
    {
        null or "0" or "f" or "F" or "false" or "FALSE" or "False" => false,
        "1" or "t" or "T" or "true" or "TRUE" or "True" => true,
        { } other => throw new RequestException($"{name} takes 1 or 0, not '{other}'"),
    };

    /// <summary>A number of rows from 0 on; null where it is not given.</summary>
    public long? Count(string name) => Text(name) is not { } text ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count
        : throw new RequestException($"{name} takes a number from 0 on, not '{text}'");

    /// <summary>
    /// A time, in nanoseconds since 1970: as in LogsQL, seconds with a fraction, or a duration back from now (<c>5m</c>); a day
    /// or an hour means its beginning.
    /// </summary>
    /// <param name="name">The argument.</param>
    /// <param name="now">Nanoseconds since 1970.</param>
    public long? Time(string name, long now)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (TimeText.TryParse(text, now, out var first, out _))
        {
            return first;
        }

        if (Seconds().IsMatch(text) && decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            && seconds * Timestamps.Second is var nanoseconds and <= long.MaxValue)
        {
            return (long)nanoseconds;
        }

        return Durations.TryParse(text, out var back)
            ? TimeText.Add(now, -Math.Abs(back))
            : throw new RequestException($"{name} takes a time such as 2026-11-21T14:00:00Z, seconds since 1970, or a duration back from now such as 5m; not '{text}'");
    }

    /// <summary>Nanoseconds; null where it is not given. A number alone is of seconds.</summary>
    public long? Duration(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds < long.MaxValue / Timestamps.Second)
        {
            return (long)(seconds * Timestamps.Second);
        }

        return Durations.TryParse(text, out var duration) ? duration : throw new RequestException($"{name} takes a duration such as 30s or 1h; not '{text}'");
    }

    IEnumerable<string?> All(string name)
    {
        var values = _address[name];
        return StringValues.IsNullOrEmpty(values) && _form is not null ? _form[name] : values;
    }

    [GeneratedRegex(@"^\d{1,10}\.\d{1,9}$")]
    private static partial Regex Seconds();
}
