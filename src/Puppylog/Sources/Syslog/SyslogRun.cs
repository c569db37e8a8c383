namespace Puppylog.Sources.Syslog;

/// <summary>Messages of one sender that lie together in a <see cref="SyslogPiece"/>.</summary>
/// <param name="Left">Bytes that the message lost because it is too long.</param>
/// <param name="IsOneRecord">True for a single message, with newlines in it or cut; without one behind it.</param>
readonly record struct SyslogRun(SourcePeer Peer, int Start, int End, long Left, bool IsOneRecord);
