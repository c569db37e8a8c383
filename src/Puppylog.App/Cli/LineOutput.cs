using System.Text;

namespace Puppylog.App.Cli;

/// <summary>Whole lines to standard output, each seen at once.</summary>
sealed class LineOutput(Stream stream)
{
    /// <summary>EPIPE of Linux and macOS.</summary>
    const int BrokenPipe = 32;

    public void Write(string lines) => Write(Encoding.UTF8.GetBytes(lines));

    /// <exception cref="OperationCanceledException">Nobody reads any more: a way to end, not an error.</exception>
    /// <exception cref="UsageException">The lines cannot be written.</exception>
    public void Write(ReadOnlySpan<byte> lines)
    {
        try
        {
            stream.Write(lines);
            stream.Flush();
        }
        catch (IOException wrong) when (wrong.HResult == BrokenPipe)
        {
            throw new OperationCanceledException("standard output was closed", wrong);
        }
        catch (IOException wrong)
        {
            throw new UsageException($"the output cannot be written: {wrong.Message}");
        }
    }
}
