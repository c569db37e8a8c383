using Puppylog.Storage.Embedded.Compaction;

namespace Puppylog.Storage.Embedded.Remote;

/// <summary>Hands progress on at once and in order, which <see cref="Progress{T}"/> does not.</summary>
sealed class CompactionNews(Action<CompactionProgress> tell) : IProgress<CompactionProgress>
{
    public void Report(CompactionProgress value) => tell(value);
}
