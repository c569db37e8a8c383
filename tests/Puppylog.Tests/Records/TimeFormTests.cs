using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Puppylog.Parsing.Times;
using Puppylog.Records;

namespace Puppylog.Tests.Records;

public sealed class TimeFormTests
{
    /// <summary>2023-11-14T22:13:20Z.</summary>
    const long Reference = 1_700_000_000 * Timestamps.Second;

    [Theory]
    [InlineData("2026/11/21 14:00:{0} m")]
    [InlineData("Nov  5 14:00:{0} m")]
    [InlineData("Sat Nov 21 14:00:{0}.120 2026] m")]
    [InlineData("10/Oct/2000:13:55:{0} -0700 m")]
    [InlineData("081109 2036{0} m")]
    [InlineData("2026-11-21 14:00:{0} CEST m")]
    [InlineData("2026-11-21T14:00:{0}.123Z m")]
    [InlineData("2026-11-21T14:00:{0}.5+02:00 m")]
    [InlineData("2026-11-21 14:00:{0},123 m")]
    [InlineData("14:00:{0}.123 m")]
    [InlineData("2026-11-21 14:{0} m")]
    [InlineData("17000000{0} m")]
    public void Seconds_of_a_known_minute_are_read_as_by_a_new_reader(string text)
    {
        string[] seconds = ["07", "08", "59", "00", "60", "61", "5x", "x5", " 5", "7", "", "99", "07"];
        var reader = new TimeReader();
        foreach (var (before, second) in from before in seconds from second in seconds select (before, second))
        {
            Read(reader, before);
            Assert.Equal((before, second, Read(new TimeReader(), second)), (before, second, Read(reader, second)));
        }

        (bool, long, int, string?) Read(TimeReader reader, string second) =>
            reader.TryRead(Encoding.UTF8.GetBytes(string.Format(System.Globalization.CultureInfo.InvariantCulture, text, second)), Reference, out var time, out var length)
                ? (true, time, length, reader.Form?.Text)
                : (false, 0, 0, null);
    }

    /// <summary>Lines that are long enough are compared at once with what is known.</summary>
    [Theory]
    [InlineData("Nov 21 14:00:")]
    [InlineData("2026-11-21 14:00:")]
    [InlineData("21/Nov/2026:14:00:")]
    [InlineData("14:00:")]
    public void Times_of_long_lines_of_a_known_minute_are_read_as_by_a_new_reader(string minute)
    {
        string[] times = [.. from second in (string[])["07", "59", "60", "6x", "x6", "00"]
                             from fraction in (string[])["", ".123", ".120", ".12x", ",123", ".1234"]
                             from behind in (string[])[" web-01", " UTC x", " UTCx", " +02:00 x", " -0700 x", " +1", " CEST", " [a", "x", "Z ", ": ", "5 ", ""]
                             select minute + second + fraction + behind + (behind.Length > 3 ? " and so much more that it is long enough" : "")];
        foreach (var before in times.Where((_, i) => i % 7 == 0))
        {
            foreach (var line in times)
            {
                var reader = new TimeReader();
                Read(reader, before);
                Assert.Equal((before, line, Read(new TimeReader(), line)), (before, line, Read(reader, line)));
            }
        }

        // Several forms may give a time back.
        static (bool, long, string?) Read(TimeReader reader, string line)
        {
            if (!reader.TryRead(Encoding.UTF8.GetBytes(line), Reference, out var time, out var length))
            {
                return (false, 0, null);
            }

            var target = new byte[TimeForm.MaxLength];
            Assert.Equal(line[..length], reader.Form is { } form ? Encoding.ASCII.GetString(target, 0, form.Write(time, target)) : line[..length]);
            return (true, time, line[..length]);
        }
    }

    [Theory]
    [InlineData("2026/11/21 14:00:05", "2026-11-21T14:00:05Z", "YYYY/MM/DD hh:mm:ss")]
    [InlineData("2026/11/21 14:00:05.123456", "2026-11-21T14:00:05.123456Z", "YYYY/MM/DD hh:mm:ss.ffffff")]
    [InlineData("17/06/09 20:10:40", "2017-06-09T20:10:40Z", "YY/MM/DD hh:mm:ss")]
    [InlineData("69/01/01 00:00:00", "1969-01-01T00:00:00Z", "YY/MM/DD hh:mm:ss")]
    [InlineData("Nov  5 14:00:05", "2023-11-05T14:00:05Z", "MMM _D hh:mm:ss")]
    [InlineData("Nov 14 22:13:20", "2023-11-14T22:13:20Z", "MMM DD hh:mm:ss")]
    [InlineData("Nov 14 22:13:20.123", "2023-11-14T22:13:20.123Z", "MMM DD hh:mm:ss.fff")]
    [InlineData("Sat Nov 21 14:00:05.123456 2026", "2026-11-21T14:00:05.123456Z", "EEE MMM DD hh:mm:ss.ffffff YYYY")]
    [InlineData("Sun Nov  1 14:00:05 2026", "2026-11-01T14:00:05Z", "EEE MMM _D hh:mm:ss YYYY")]
    [InlineData("Sun Nov 21 14:00:05 2026", "2026-11-21T14:00:05Z", null)]
    [InlineData("03-17 16:13:38.811", "2023-03-17T16:13:38.811Z", "MM-DD hh:mm:ss.fff")]
    [InlineData("12-31 16:13:38.811", "2022-12-31T16:13:38.811Z", "MM-DD hh:mm:ss.fff")]
    [InlineData("10/Oct/2000:13:55:36 -0700", "2000-10-10T20:55:36Z", "DD/MMM/YYYY:hh:mm:ss -0700")]
    [InlineData("21-Nov-2026 14:00:05.123", "2026-11-21T14:00:05.123Z", "DD-MMM-YYYY hh:mm:ss.fff")]
    [InlineData("21 Nov 2026 14:00:05.123", "2026-11-21T14:00:05.123Z", "DD MMM YYYY hh:mm:ss.fff")]
    [InlineData("21.11.2026 14:00:05", "2026-11-21T14:00:05Z", "DD.MM.YYYY hh:mm:ss")]
    [InlineData("081109 203615", "2008-11-09T20:36:15Z", "YYMMDD hhmmss")]
    [InlineData("20261121 14:00:05", "2026-11-21T14:00:05Z", "YYYYMMDD hh:mm:ss")]
    [InlineData("20261121T140005.123Z", "2026-11-21T14:00:05.123Z", "YYYYMMDDThhmmss.fffZ")]
    [InlineData("14:00:05.123", "2023-11-14T14:00:05.123Z", "hh:mm:ss.fff")]
    [InlineData("23:00:05.123", "2023-11-14T23:00:05.123Z", "hh:mm:ss.fff")]
    [InlineData("23:30:05.123", "2023-11-13T23:30:05.123Z", "hh:mm:ss.fff")]
    [InlineData("2026-11-21 14:00:05.123 UTC", "2026-11-21T14:00:05.123Z", "YYYY-MM-DD hh:mm:ss.fff UTC")]
    [InlineData("2026-11-21 14:00:05 CEST", "2026-11-21T12:00:05Z", "YYYY-MM-DD hh:mm:ss CEST")]
    [InlineData("2026-11-21 14:00:05 +0200", "2026-11-21T12:00:05Z", "YYYY-MM-DD hh:mm:ss +0200")]
    [InlineData("2026-11-21 14:00:05:123", "2026-11-21T14:00:05.123Z", "YYYY-MM-DD hh:mm:ss:fff")]
    [InlineData("2026-11-21T14:00:05.123Z", "2026-11-21T14:00:05.123Z", "YYYY-MM-DDThh:mm:ss.fffZ")]
    [InlineData("2026-11-21 14:00:05,123", "2026-11-21T14:00:05.123Z", "YYYY-MM-DD hh:mm:ss,fff")]
    [InlineData("2026-11-21 14:00", "2026-11-21T14:00:00Z", null)]
    [InlineData("2026/11/21 14:00:60", "2026-11-21T14:01:00Z", null)]
    public void Times_are_read_and_their_form_writes_them_again(string text, string time, string? form)
    {
        foreach (var following in new[] { "", " message", "] x", ": x" })
        {
            var reader = new TimeReader();
            var bytes = Encoding.UTF8.GetBytes(text + following);

            // The second time it is known.
            for (var round = 0; round < 2; round++)
            {
                Assert.True(reader.TryRead(bytes, Reference, out var read, out var length));
                Assert.Equal(text.Length, length);
                Assert.Equal(time, Timestamps.ToRfc3339(read));
                Assert.Equal(form, reader.Form?.Text);
                if (reader.Form is not null)
                {
                    var target = new byte[TimeForm.MaxLength];
                    Assert.Equal(text, Encoding.ASCII.GetString(target, 0, reader.Form.Write(read, target)));
                    Assert.True(TimeForm.TryParse(reader.Form.Text, out _));
                    Assert.All(text, c => Assert.Contains((byte)c, reader.Form.Bytes));
                }
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("Nov 31 14:00:05 x")]
    [InlineData("Now 21 14:00:05 x")]
    [InlineData("2026/11/21 24:00:05 x")]
    [InlineData("2026/11/21 14:00:05x")]
    [InlineData("2026/11/21 14:61:05")]
    [InlineData("99999999")]
    [InlineData("12:34")]
    [InlineData("1.2.3.4 14:00:05")]
    public void What_is_no_time_is_none(string text) => Assert.False(new TimeReader().TryRead(Encoding.UTF8.GetBytes(text), Reference, out _, out _));

    [Theory]
    [InlineData("hh")]
    [InlineData("YYYY hh:mm:ss")]
    [InlineData("DD hh:mm:ss")]
    [InlineData("hh:mm:ss hh")]
    [InlineData("YYYY-MM-DD hh:mm:ss nowhere")]
    [InlineData("_line.zone")]
    [InlineData("")]
    [InlineData("YYYY/MM/DD hh:mm:ss.ffffffffff")]
    [InlineData("YYYY/MM/DD hh:mm:ss                                  ")]
    public void What_is_no_form_is_none(string text) => Assert.False(TimeForm.TryParse(text, out _));

    [Theory]
    [InlineData("2023-11-14T22:13:20Z", "Nov 15 22:13:20", "2023-11-15T22:13:20Z")]
    [InlineData("2023-11-14T22:13:20Z", "Nov 15 22:13:21", "2022-11-15T22:13:21Z")]
    [InlineData("2023-12-31T23:59:59Z", "Jan 01 00:00:01", "2024-01-01T00:00:01Z")]
    [InlineData("2024-01-01T00:00:01Z", "Dec 31 23:59:59", "2023-12-31T23:59:59Z")]
    [InlineData("2024-03-01T00:00:01Z", "Feb 29 23:59:59", "2024-02-29T23:59:59Z")]
    [InlineData("2024-02-28T00:00:01Z", "Feb 29 23:59:59", "2020-02-29T23:59:59Z")]
    [InlineData("2103-03-01T00:00:01Z", "Feb 29 23:59:59", "2096-02-29T23:59:59Z")]
    public void Year_is_the_latest_that_is_at_most_a_day_ahead(string now, string text, string expected)
    {
        Assert.True(Timestamps.TryParseIso(Encoding.ASCII.GetBytes(now), out var reference, out _));
        Assert.True(new TimeReader().TryRead(Encoding.ASCII.GetBytes(text), reference, out var time, out _));
        Assert.Equal(expected, Timestamps.ToRfc3339(time));
    }

    [Fact]
    public void Any_time_that_a_form_writes_it_reads_again()
    {
        string[] forms =
        [
            "YYYY/MM/DD hh:mm:ss", "EEE MMM DD hh:mm:ss.ffffff YYYY", "DD/MMM/YYYY:hh:mm:ss +0530", "YYYY-MM-DD hh:mm:ss.fff EST", "EEE MMM _D hh:mm:ss YYYY",
        ];
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), Gen.Elements(forms).ToArbitrary(), (seconds, text) =>
        {
            Assert.True(TimeForm.TryParse(text, out var form));
            var time = ((seconds * 4L) - 4_000_000_000) * Timestamps.Second;
            var target = new byte[TimeForm.MaxLength];
            var length = form.Write(time, target);
            return form.Calendar!.TryRead(target.AsSpan(0, length), 0, out var read) && read == time && length == form.Text.Length;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void No_bytes_make_a_reader_throw_or_claim_a_form_that_writes_something_else()
    {
        var random = new Random(20261122);
        var reader = new TimeReader();
        var target = new byte[TimeForm.MaxLength];
        string[] seeds = ["2026-11-21T14:00:05.123456789Z x", "Nov  5 14:00:05 x", "Sat Nov 21 14:00:05.123456 2026]", "03-17 16:13:38.811 x", "2026/11/21 14:00:05.1 CEST x", "20261121T140005.123+0100 x"];
        for (var round = 0; round < 50_000; round++)
        {
            var bytes = Encoding.ASCII.GetBytes(seeds[random.Next(seeds.Length)]);
            for (var edits = random.Next(3); edits > 0; edits--)
            {
                bytes[random.Next(bytes.Length)] = (byte)(random.Next(3) == 0 ? random.Next(256) : "0123456789 :.+-ZT"[random.Next(17)]);
            }

            var text = bytes.AsSpan(0, random.Next(4) == 0 ? random.Next(bytes.Length) : bytes.Length);
            if (reader.TryRead(text, Reference, out var time, out var length) && reader.Form is { } form)
            {
                Assert.Equal(Encoding.Latin1.GetString(text[..length]), Encoding.Latin1.GetString(target, 0, form.Write(time, target)));
            }
        }
    }
}
