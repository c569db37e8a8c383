using System.Text;
using Puppylog.Alerts.Notices;

namespace Puppylog.Alerts.Notifiers;

/// <summary>Appends a line of JSON each to a file, which may be rotated away between two.</summary>
sealed class FileNotifier(string path) : INotifier
{
    public async Task SendAsync(IReadOnlyList<Notice> notices, CancellationToken cancellation)
    {
        try
        {
            await using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            await file.WriteAsync(Encoding.UTF8.GetBytes(string.Concat(notices.Select(notice => NoticeJson.Write(notice) + "\n"))), cancellation);
            file.Flush(flushToDisk: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new NotifierException(error.Message, error);
        }
    }
}
