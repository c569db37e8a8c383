namespace Puppylog.Storage.Embedded.Backup;

/// <param name="LastCommit">The last commit that the backup holds.</param>
/// <param name="Records">Records in it.</param>
/// <param name="Linked">Segments that are the same files under a second name.</param>
/// <param name="LinkedBytes">Their bytes, which cost no room.</param>
/// <param name="Copied">Segments that were copied.</param>
/// <param name="CopiedBytes">Their bytes.</param>
sealed record BackupReport(long LastCommit, long Records, int Linked, long LinkedBytes, int Copied, long CopiedBytes);
