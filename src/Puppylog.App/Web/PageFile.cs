namespace Puppylog.App.Web;

/// <summary>A file of the web page.</summary>
/// <param name="ContentType">With its charset.</param>
/// <param name="ETag">In quotes; another one as soon as a byte is another.</param>
/// <param name="IsHashed">Its name changes with its content, so that it may be kept for ever.</param>
/// <param name="Gzip">Packed with gzip.</param>
/// <param name="Brotli">Packed with Brotli.</param>
sealed record PageFile(string ContentType, string ETag, bool IsHashed, byte[] Gzip, byte[] Brotli);
