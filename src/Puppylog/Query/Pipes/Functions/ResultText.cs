using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Puppylog.Query.Values;

namespace Puppylog.Query.Pipes.Functions;

/// <summary>Numbers as results print them.</summary>
static class ResultText
{
    public static void WriteInteger(this IBufferWriter<byte> target, long value)
    {
        Utf8Formatter.TryFormat(value, target.GetSpan(20), out var written);
        target.Advance(written);
    }

    public static void WriteNumber(this IBufferWriter<byte> target, double value) => target.Write(Encoding.ASCII.GetBytes(NumberText.Format(value)));
}
