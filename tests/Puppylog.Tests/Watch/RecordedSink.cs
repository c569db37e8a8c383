using System.Text;
using Puppylog.App.Watch;
using Puppylog.Records;

namespace Puppylog.Tests.Watch;

/// <summary>Keeps the sections that came, and the count of lines that did not match. Thread-safe.</summary>
sealed class RecordedSink : ITrafficSink
{
    readonly Lock _lock = new();
    readonly List<string> _sections = [];
    long _invalid;

    public string[] Sections
    {
        get
        {
            lock (_lock)
            {
                return [.. _sections];
            }
        }
    }

    public int Records => Sections.Length;

    public long Invalid => Interlocked.Read(ref _invalid);

    public void Take(RecordView records, long invalid)
    {
        lock (_lock)
        {
            Interlocked.Add(ref _invalid, invalid);
            var column = records.Column(FieldNames.Section);
            for (var row = 0; row < records.Count; row++)
            {
                _sections.Add(column is null ? "" : Encoding.UTF8.GetString(column.Value(row)));
            }
        }
    }
}
