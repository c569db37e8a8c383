using System.Text;

namespace Puppylog.App.Cli.Alerts;

/// <summary>A console beside a line of progress, which is drawn again below what is printed.</summary>
sealed class ReportConsole(CollectReport report, TextWriter inner) : TextWriter
{
    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => Write(value.ToString());

    public override void Write(string? value) => report.Print(inner, value ?? "");

    public override Task WriteAsync(ReadOnlyMemory<char> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.ToString());
        return Task.CompletedTask;
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);
}
