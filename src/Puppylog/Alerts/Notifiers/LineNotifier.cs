using Puppylog.Alerts.Notices;

namespace Puppylog.Alerts.Notifiers;

/// <summary>A line each, and the lines of the cause below it: the console.</summary>
sealed class LineNotifier(TextWriter output) : INotifier
{
    public async Task SendAsync(IReadOnlyList<Notice> notices, CancellationToken cancellation)
    {
        try
        {
            await output.WriteAsync(Text(notices).AsMemory(), cancellation);
            await output.FlushAsync(cancellation);
        }
        catch (IOException error)
        {
            throw new NotifierException(error.Message, error);
        }
    }

    public static string Text(IEnumerable<Notice> notices) =>
        string.Concat(notices.Select(notice => notice.Message + "\n" + string.Concat(notice.Samples.Select(sample => $"  {sample}\n"))));
}
