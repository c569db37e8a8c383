using System.Globalization;
using System.Text;
using Puppylog.Sources.Streams;

namespace Puppylog.Sources.Commands;

/// <summary>Passes on what a command says on stderr: some lines a minute, the others are counted.</summary>
sealed class CommandErrors(string name, SourceContext context) : IDisposable
{
    const int LinesPerMinute = 10;
    const int LongestLine = 1000;

    static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    readonly LineFramer _framer = new(LongestLine);
    Readiness? _readiness;
    long _minuteBegan;
    int _said;
    long _unsaid;

    public void Begin(Readiness readiness, PipeEnd errors)
    {
        _readiness = readiness;
        readiness.Arm(errors.Handle);
    }

    public void Read(PipeEnd errors)
    {
        int count;
        while ((count = errors.Read(_framer.Space())) > 0)
        {
            _framer.Advance(count);
            while (_framer.TryTake(out var lines))
            {
                TellAll(lines.Bytes);
            }
        }

        if (count < 0)
        {
            _readiness!.Arm(errors.Handle);
        }

        TellUnsaid();
    }

    /// <summary>The command has ended.</summary>
    public void End()
    {
        if (_framer.TryTakeRest(out var rest))
        {
            TellAll(rest.Bytes);
        }

        _framer.Trim();
        if (_unsaid > 0)
        {
            _minuteBegan = context.Clock.GetTimestamp() - (long)(Minute.TotalSeconds * context.Clock.TimestampFrequency);
            TellUnsaid();
        }
    }

    public void Dispose() => _framer.Dispose();

    void TellAll(ReadOnlySpan<byte> lines)
    {
        foreach (var line in lines.TrimEnd((byte)'\n').Split((byte)'\n'))
        {
            Tell(lines[line]);
        }
    }

    void Tell(ReadOnlySpan<byte> line)
    {
        if (_said == 0)
        {
            _minuteBegan = context.Clock.GetTimestamp();
        }

        if (_said >= LinesPerMinute)
        {
            _unsaid++;
            return;
        }

        _said++;
        context.Notice($"{name}: {Visible(Encoding.UTF8.GetString(line[..Math.Min(line.Length, LongestLine)]))}");
    }

    /// <summary>Without what would move a terminal's cursor.</summary>
    static string Visible(string text) => string.Concat(text.Select(character => char.IsControl(character) ? ' ' : character));

    void TellUnsaid()
    {
        if (_said == 0 || context.Clock.GetElapsedTime(_minuteBegan) < Minute)
        {
            return;
        }

        if (_unsaid > 0)
        {
            context.Notice(string.Create(CultureInfo.InvariantCulture, $"{name}: {_unsaid} more lines on stderr"));
        }

        _said = 0;
        _unsaid = 0;
    }
}
