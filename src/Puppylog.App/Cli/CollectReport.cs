using System.Globalization;
using Puppylog.Pipeline;

namespace Puppylog.App.Cli;

/// <summary>What a collector tells, on stderr. Lines of text go above the progress, which is drawn again below them.</summary>
sealed class CollectReport(TextWriter errors) : ICollectReport
{
    const int MaxText = 200;
    const string EraseLine = "\r\x1b[K";

    readonly Lock _lock = new();
    string _progress = "";

    public void Notice(string message) => Write($"puppylog: {message}");

    public void InvalidLine(string source, long line, string reason, ReadOnlySpan<byte> text) =>
        Write(string.Create(CultureInfo.InvariantCulture, $"puppylog: {source}:{line}: {reason}: {TerminalText.Visible(text, MaxText)}"));

    /// <summary>Replaces the line of progress; empty removes it.</summary>
    public void Progress(string text)
    {
        lock (_lock)
        {
            if (text.Length > 0 || _progress.Length > 0)
            {
                errors.Write($"{EraseLine}{text}");
                errors.Flush();
                _progress = text;
            }
        }
    }

    /// <summary>Prints text somewhere else on the same terminal.</summary>
    public void Print(TextWriter output, string text)
    {
        lock (_lock)
        {
            if (_progress.Length > 0)
            {
                errors.Write(EraseLine);
                errors.Flush();
            }

            output.Write(text);
            output.Flush();
            errors.Write(_progress);
        }
    }

    void Write(string line)
    {
        lock (_lock)
        {
            errors.WriteLine(_progress.Length > 0 ? $"{EraseLine}{line}" : line);
            if (_progress.Length > 0)
            {
                errors.Write(_progress);
            }
        }
    }
}
