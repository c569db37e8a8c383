namespace Puppylog.Sources;

/// <summary>Who is told that something happened to what it watches.</summary>
interface IWatchHolder
{
    /// <summary>Something may be new. Called while events are drained, on the reader's thread.</summary>
    void Wake();
}
