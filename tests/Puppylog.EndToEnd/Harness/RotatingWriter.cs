using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Puppylog.EndToEnd.Harness;

/// <summary>
/// Writes numbered lines to a log that it rotates in all ways that there are. Each line says its writer, its number, and the
/// content that it is part of: <c>w3s1234 f12 xxxx</c>. Nothing is written between a copy and the truncation that follows it.
/// </summary>
/// <param name="directory">Of the log; <c>real/</c> beside it holds what a link points to.</param>
/// <param name="isStored">Tells whether the store holds a line, given by its first word.</param>
sealed class RotatingWriter(string directory, int writer, int seed, int linesPerFile, Func<string, Task<bool>> isStored) : IDisposable
{
    /// <summary>Rotated files that are kept; older ones go when the store has them.</summary>
    const int MostRotated = 6;

    readonly Random _random = new(seed);
    readonly byte[] _buffer = new byte[1 << 16];
    FileStream? _file;
    string _real = "";
    int _content;
    int _line;
    int _firstOfContent;
    int _links;
    int _dated;
    bool _isKnown;

    public string Log { get; } = Path.Combine(directory, $"w{writer}.log");

    /// <summary>Lines written so far.</summary>
    public int Lines => _line;

    public SortedDictionary<string, int> Rotations { get; } = [];

    string Word(int line) => string.Create(CultureInfo.InvariantCulture, $"w{writer}s{line}");

    /// <summary>Writes so many lines; links are for writers whose log is one from the beginning.</summary>
    /// <param name="pause">Milliseconds between two writes, at most.</param>
    public async Task WriteAsync(int lines, bool linked, int pause, CancellationToken cancellationToken)
    {
        Create(linked);
        while (_line < lines)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Write(Math.Min(lines - _line, _random.Next(1, Math.Max(2, linesPerFile / 10))));
            // Of a path of which nothing is known, a first start reads only what has its name.
            if (_line - _firstOfContent > linesPerFile / 2 && _random.Next(8) == 0 && (_isKnown |= await isStored(Word(0))))
            {
                await RotateAsync(linked);
            }

            if (pause > 0)
            {
                await Task.Delay(_random.Next(pause), CancellationToken.None);
            }
        }

        _file!.Dispose();
    }

    public void Dispose() => _file?.Dispose();

    async Task RotateAsync(bool linked)
    {
        var style = linked ? "link" : _random.Next(7) switch
        {
            0 => "rename",
            1 => "rename, late lines",
            2 => "rename, compressed",
            3 or 4 => "copied and cut",
            5 => "copied, cut, grown at once",
            _ => "deleted",
        };
        switch (style)
        {
            case "link":
                await RelinkAsync();
                break;
            case "rename":
                await MoveAwayAsync();
                Create(linked: false);
                break;
            case "rename, late lines":
                await MoveAwayAsync();
                Write(_random.Next(1, 20));
                Create(linked: false);
                break;
            case "rename, compressed":
                var rotated = await MoveAwayAsync();
                Create(linked: false);
                Write(_random.Next(0, 20));
                Compress(rotated);
                break;
            case "copied and cut" or "copied, cut, grown at once":
                await CopyAndCutAsync(style != "copied and cut");
                break;
            default:
                if (!await WaitStoredAsync(_line - 1, 100))
                {
                    return;
                }

                File.Delete(Log);
                Create(linked: false);
                break;
        }

        Rotations[style] = Rotations.GetValueOrDefault(style) + 1;
    }

    /// <summary>What a link pointed to cannot be found when it has never been seen: its first line is waited for.</summary>
    async Task RelinkAsync()
    {
        if (await WaitStoredAsync(_firstOfContent, 100))
        {
            Write(_random.Next(1, 20));
            Create(linked: true);
        }
    }

    async Task<string> MoveAwayAsync()
    {
        var target = await MakeRoomAsync();
        File.Move(Log, target);
        return target;
    }

    async Task CopyAndCutAsync(bool grow)
    {
        var target = await MakeRoomAsync();
        File.Copy(Log, target);
        var size = _file!.Length;
        _file.SetLength(0);
        BeginContent();
        do
        {
            Write(_random.Next(1, 50));
        }
        while (grow && _file.Length <= size);

        if (_random.Next(2) == 0)
        {
            Compress(target);
        }
    }

    /// <summary>Numbers, or names with a date; half of the writers each. Returns a name that is free.</summary>
    async Task<string> MakeRoomAsync()
    {
        if (writer % 2 == 0)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{Log}-20261122{++_dated:D6}");
            await DropAsync(Directory.GetFiles(directory, $"w{writer}.log-*").Order(StringComparer.Ordinal).ToList());
            return name;
        }

        var rotated = Directory.GetFiles(directory, $"w{writer}.log.*").Where(path => path.Length > Log.Length).OrderBy(Number).ToList();
        await DropAsync(rotated.AsEnumerable().Reverse().ToList());
        foreach (var path in Enumerable.Reverse(rotated).Where(File.Exists))
        {
            File.Move(path, $"{Log}.{Number(path) + 1}{(path.EndsWith(".gz", StringComparison.Ordinal) ? ".gz" : "")}");
        }

        return $"{Log}.1";
    }

    /// <param name="rotated">Oldest first.</param>
    async Task DropAsync(List<string> rotated)
    {
        if (rotated.Count >= MostRotated && await IsStoredAsync(rotated[0]))
        {
            File.Delete(rotated[0]);
        }
    }

    async Task<bool> IsStoredAsync(string path)
    {
        await using var file = File.OpenRead(path);
        await using Stream stream = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var reader = new StreamReader(stream, Encoding.ASCII);
        var last = (await reader.ReadToEndAsync(CancellationToken.None)).Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault();
        return last is null || await isStored(last.Split(' ')[0]);
    }

    int Number(string path) => int.Parse(path[(Log.Length + 1)..].Replace(".gz", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);

    void Create(bool linked)
    {
        _file?.Dispose();
        var path = Log;
        if (linked)
        {
            _real = Path.Combine(directory, "real", $"w{writer}-{++_links}");
            path = _real;
        }

        _file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        if (linked)
        {
            File.CreateSymbolicLink(Log + "~", _real);
            File.Move(Log + "~", Log, overwrite: true);
        }

        BeginContent();
    }

    void BeginContent()
    {
        _content++;
        _firstOfContent = _line;
    }

    /// <summary>In pieces that end anywhere.</summary>
    void Write(int count)
    {
        var length = 0;
        for (var end = _line + count; _line < end; _line++)
        {
            Encoding.ASCII.TryGetBytes(string.Create(CultureInfo.InvariantCulture, $"w{writer}s{_line} f{_content} "), _buffer.AsSpan(length), out var written);
            length += written;
            var filler = _random.Next(5, 80);
            _buffer.AsSpan(length, filler).Fill((byte)'x');
            length += filler;
            _buffer[length++] = (byte)'\n';
            if (length > _buffer.Length - 200)
            {
                Flush(length);
                length = 0;
            }
        }

        Flush(length);
    }

    void Flush(int length)
    {
        var at = _random.Next(length + 1);
        _file!.Write(_buffer, 0, at);
        _file.Write(_buffer, at, length - at);
    }

    async Task<bool> WaitStoredAsync(int line, int tries)
    {
        for (var i = 0; i < tries; i++)
        {
            if (await isStored(Word(line)))
            {
                return true;
            }

            await Task.Delay(_random.Next(200), CancellationToken.None);
        }

        return false;
    }

    /// <summary>As gzip(1) does: the time of modification stays, the original goes last.</summary>
    static void Compress(string path)
    {
        using (var source = File.OpenRead(path))
        using (var target = new GZipStream(File.Create(path + ".gz"), CompressionLevel.Fastest))
        {
            source.CopyTo(target);
        }

        File.SetLastWriteTimeUtc(path + ".gz", File.GetLastWriteTimeUtc(path));
        File.Delete(path);
    }
}
