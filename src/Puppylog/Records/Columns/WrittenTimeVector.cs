namespace Puppylog.Records.Columns;

/// <summary>Times as a line has them: <c>_time</c> in one form.</summary>
sealed class WrittenTimeVector(TimestampVector times, TimeForm form) : ColumnVector(times.Count)
{
    readonly byte[] _scratch = new byte[TimeForm.MaxLength];

    public TimestampVector Times { get; } = times;

    public TimeForm Form { get; } = form;

    public override bool IsPresent(int row) => true;

    public override ReadOnlySpan<byte> Value(int row) => _scratch.AsSpan(0, Form.Write(Times.Nanoseconds[row], _scratch));
}
