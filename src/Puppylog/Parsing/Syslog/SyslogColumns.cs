using Puppylog.Records;

namespace Puppylog.Parsing.Syslog;

/// <summary>A batch's columns of syslog fields, looked up once per batch.</summary>
sealed class SyslogColumns
{
    readonly RecordBatch _batch;
    readonly ByteSpan[] _facilities = new ByteSpan[24];
    readonly ByteSpan[] _severities = new ByteSpan[8];
    BatchColumn? _facility;
    BatchColumn? _linePriority;
    BatchColumn? _levelText;

    public SyslogColumns(RecordBatch batch)
    {
        _batch = batch;
        _facilities.AsSpan().Fill(ByteSpan.Absent);
        _severities.AsSpan().Fill(ByteSpan.Absent);
        Host = batch.Column(FieldNames.Host);
        Application = batch.Column(FieldNames.ApplicationName);
        Process = batch.Column(SyslogParser.ProcessId);
        Message = batch.Column(SyslogParser.MessageId);
        LineTime = batch.Column(FieldNames.LineTime);
    }

    public BatchColumn Host { get; }

    public BatchColumn Application { get; }

    public BatchColumn Process { get; }

    public BatchColumn Message { get; }

    public BatchColumn LineTime { get; }

    /// <param name="row">The record.</param>
    /// <param name="priority">0 to 191.</param>
    /// <param name="place">Where the number lies in the line.</param>
    public void SetPriority(int row, int priority, ByteSpan place)
    {
        (_linePriority ??= _batch.Column(SyslogParser.LinePriority)).Set(row, place);
        ref var facility = ref _facilities[priority >> 3];
        facility = facility.IsAbsent ? _batch.Append(SyslogPriority.Facility(priority)) : facility;
        (_facility ??= _batch.Column(SyslogParser.Facility)).Set(row, facility);

        // What is told apart by syslog and not by level.
        if ((priority & 7) < 3)
        {
            ref var severity = ref _severities[priority & 7];
            severity = severity.IsAbsent ? _batch.Append(SyslogPriority.Severity(priority)) : severity;
            (_levelText ??= _batch.Column(FieldNames.LevelText)).Set(row, severity);
        }
    }
}
