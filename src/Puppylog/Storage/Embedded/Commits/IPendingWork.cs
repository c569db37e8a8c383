namespace Puppylog.Storage.Embedded.Commits;

/// <summary>What waits for the writing thread, in the order of the calls.</summary>
interface IPendingWork;
