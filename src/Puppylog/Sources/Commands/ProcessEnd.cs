using System.Globalization;

namespace Puppylog.Sources.Commands;

/// <summary>How a process has ended.</summary>
/// <param name="Status">As waitpid(2) gives it.</param>
readonly record struct ProcessEnd(int Status)
{
    public bool IsGood => Status == 0;

    /// <summary><c>ended with exit code 3</c>.</summary>
    public override string ToString()
    {
        var signal = Status & 0x7f;
        return signal != 0
            ? string.Create(CultureInfo.InvariantCulture, $"was ended by signal {signal}")
            : string.Create(CultureInfo.InvariantCulture, $"ended with exit code {(Status >> 8) & 0xff}");
    }
}
