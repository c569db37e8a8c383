using Puppylog.Records;

namespace Puppylog.Storage.Embedded.Reading;

/// <summary>A segment's file is not there: removed by compaction or retention since the catalogue was asked, or by somebody.</summary>
sealed class SegmentGoneException(string message, Exception inner) : CorruptDataException(message, inner);
