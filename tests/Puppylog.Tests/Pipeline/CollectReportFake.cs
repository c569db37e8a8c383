using System.Text;
using Puppylog.Pipeline;

namespace Puppylog.Tests.Pipeline;

sealed class CollectReportFake : ICollectReport
{
    public List<string> Notices { get; } = [];

    public List<string> InvalidLines { get; } = [];

    public void Notice(string message) => Notices.Add(message);

    public void InvalidLine(string source, long line, string reason, ReadOnlySpan<byte> text) =>
        InvalidLines.Add($"{Path.GetFileName(source)}:{line}: {reason}: {Encoding.Latin1.GetString(text)}");
}
