using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Puppylog.App.Hosting;

namespace Puppylog.App.Api.Security;

/// <summary>
/// <c>audit.log</c> in the data directory: who changed what, also who was not let. An object a line; at 16 MiB it begins anew
/// and the one before stays as <c>audit.log.1</c>. Thread-safe.
/// </summary>
sealed class AuditLog(string? file, TimeProvider clock, Action<string> notice)
{
    const long Largest = 16 << 20;
    const int LongestText = 1024;

    readonly Lock _gate = new();
    bool _isTold;

    public static AuditLog In(ServerState state) => new(state.Directory is { } directory ? FileIn(directory) : null, state.Clock, state.Notice);

    public static string FileIn(string directory) => Path.Combine(directory, "audit.log");

    /// <summary>A request that was answered.</summary>
    public void Add(HttpContext context, string? name)
    {
        var request = context.Request;
        Add(name, $"{request.Method} {request.Path}", context.Connection.RemoteIpAddress?.ToString(), context.Response.StatusCode);
    }

    /// <param name="name">The key; null where none was shown.</param>
    /// <param name="action">What was done.</param>
    /// <param name="address">Where from; null on this machine.</param>
    /// <param name="status">The answer's status; null where there is none.</param>
    public void Add(string? name, string action, string? address, int? status)
    {
        if (file is null)
        {
            return;
        }

        using var line = new MemoryStream();
        using (var json = new Utf8JsonWriter(line))
        {
            json.WriteStartObject();
            json.WriteString("time", clock.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", System.Globalization.CultureInfo.InvariantCulture));
            json.WriteString("key", name);
            json.WriteString("action", action.Length > LongestText ? action[..LongestText] : action);
            json.WriteString("address", address);
            if (status is { } code)
            {
                json.WriteNumber("status", code);
            }

            json.WriteEndObject();
        }

        line.Write("\n"u8);
        lock (_gate)
        {
            Append(line.ToArray());
        }
    }

    void Append(byte[] line)
    {
        try
        {
            if (new FileInfo(file!) is { Exists: true, Length: > Largest })
            {
                File.Move(file!, file! + ".1", overwrite: true);
            }

            using var log = new FileStream(file!, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
            log.Write(line);
            _isTold = false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (!_isTold)
            {
                _isTold = true;
                notice($"audit.log cannot be written: {e.Message}");
            }
        }
    }
}
