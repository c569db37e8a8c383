using System.Globalization;

namespace Puppylog.Diagnostics;

/// <summary>Which file it is, whatever its names: device and inode.</summary>
readonly record struct FileIdentity(ulong Device, ulong Inode)
{
    /// <summary>The name under which positions are kept.</summary>
    public string Source => string.Create(CultureInfo.InvariantCulture, $"file:{Device}:{Inode}");
}
