using Puppylog.Records;

namespace Puppylog.Parsing.Containers;

/// <summary>
/// What a container wrote, within the line of the runtime: its format is told from its own lines, anew while none is known,
/// and its fields become the record's. The time is the runtime's.
/// </summary>
sealed class InnerMessage
{
    /// <summary>Lines of no known format after which only some are looked at.</summary>
    const int FirstLooks = 64;

    const int LaterLooks = 256;

    RecordBatch _batch = null!;
    LineParser? _parser;
    int _unknown;

    public void Bind(RecordBatch batch)
    {
        _batch = batch;
        _parser?.Bind(batch);
    }

    /// <summary>Adds the record of a message, which lies in the batch; the template that the message follows, null for none.</summary>
    public LineTemplate? Add(ByteSpan message, long time)
    {
        if (_parser is not null && TryParse(_parser, message, time, out var template))
        {
            return template;
        }

        _unknown++;
        if ((_unknown <= FirstLooks || _unknown % LaterLooks == 0) && FormatDetector.DetectMessage(_batch.Value(message)) is { } format && format != _parser?.Format)
        {
            var found = LineParsers.Create(format, replaceTimes: true);
            found.Bind(_batch);
            if (TryParse(found, message, time, out template))
            {
                _parser = found;
                return template;
            }
        }

        _batch.Add(time, message, message, 0);
        return null;
    }

    bool TryParse(LineParser parser, ByteSpan message, long time, out LineTemplate? template)
    {
        parser.ReadTime = time;
        template = null;
        if (!parser.TryParse(message, out _))
        {
            return false;
        }

        // Templates that the format knows beforehand are not among the batch's, whose shape is the runtime's.
        var number = _batch.Templates[^1];
        template = number == 0 ? null : number <= parser.Shape.Templates.Length ? parser.Shape.Templates[number - 1] : _batch.TemplateOf(number);
        return true;
    }
}
