namespace Puppylog.Diagnostics;

enum FileKind
{
    Regular,
    Directory,
    Pipe,
    Other,
}
