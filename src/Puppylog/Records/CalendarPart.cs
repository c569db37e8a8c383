namespace Puppylog.Records;

/// <summary>A piece of a <see cref="CalendarForm"/>; each is as long as it is written in the form.</summary>
enum CalendarPart : byte
{
    Literal,

    /// <summary><c>YYYY</c></summary>
    Year,

    /// <summary><c>YY</c>: 69 to 99 are of the 20th century (POSIX).</summary>
    ShortYear,

    /// <summary><c>MMM</c>: Jan</summary>
    MonthName,

    /// <summary><c>MM</c></summary>
    Month,

    /// <summary><c>DD</c></summary>
    Day,

    /// <summary><c>_D</c>: with a space for the zero.</summary>
    PaddedDay,

    /// <summary><c>EEE</c>: Mon</summary>
    Weekday,

    /// <summary><c>hh</c></summary>
    Hour,

    /// <summary><c>mm</c></summary>
    Minute,

    /// <summary><c>ss</c></summary>
    Second,

    /// <summary><c>f</c> to <c>fffffffff</c></summary>
    Fraction,
}
