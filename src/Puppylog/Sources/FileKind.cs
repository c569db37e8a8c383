namespace Puppylog.Sources;

enum FileKind
{
    Regular,
    Directory,
    Pipe,
    Other,
}
