using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Puppylog.Forwarding.Spooling;
using Puppylog.Tests.Storage.Embedded;

namespace Puppylog.Tests.Forwarding.Spooling;

/// <summary>
/// Numbered lines go into a spool and from there to a server, on a machine that crashes, fills up and fails at random
/// moments. What was synced reaches the server once and in order; what was not may be missing at the end, never within.
/// </summary>
public sealed class SpoolModelTests
{
    static readonly string[] Operations = ["write", "create", "mkdir", "sync", "cut", "delete", "syncdir"];

    [Fact]
    public void Whatever_happens_what_lasts_is_read_once_and_in_order() =>
        Prop.ForAll(ArbMap.Default.ArbFor<(byte Event, byte Amount)[]>(), script => new Play(script.Length).Run(script))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact]
    public void Crash_or_failure_at_any_operation_loses_and_doubles_nothing()
    {
        var hits = new HashSet<string>();
        for (var seed = 0; seed < 60; seed++)
        {
            for (byte operation = 0; operation < Operations.Length * 2; operation++)
            {
                var random = new Random(seed);
                var script = Enumerable.Range(0, 40).Select(_ => ((byte)random.Next(2, 10), (byte)random.Next(256))).ToList();
                script.Insert(seed % 30, (operation < Operations.Length ? (byte)0 : (byte)1, (byte)(operation % Operations.Length)));
                if (Operations[operation % Operations.Length] == "cut")
                {
                    // Only what was written in part is cut: a full disk, and the next start.
                    script.InsertRange(seed % 30, [(1, 0), (7, 0), (0, operation), (2, 1)]);
                }

                var play = new Play(seed);
                play.Run([.. script]);
                hits.UnionWith(play.Files.Hits);
            }
        }

        var wanted = Operations.SelectMany(operation => new[] { $"crash {operation}", $"28 {operation}" }).Except(["crash mkdir", "28 mkdir", "28 cut", "28 delete"]);
        Assert.Empty(wanted.Except(hits));
    }

    sealed class Play(int seed)
    {
        const string Directory = "/m/data/s";

        // Every line that was appended and may still be there, with the offset behind it.
        readonly List<(string Line, long End)> _lines = [];
        readonly List<string> _server = [];
        int _next;
        long _synced;
        long _received;
        Spool? _spool;

        public ModelFileSystem Files { get; } = new(new Random(seed));

        public void Run((byte Event, byte Amount)[] script)
        {
            Attempt(Open);
            foreach (var (what, amount) in script)
            {
                switch (what % 10)
                {
                    case 0:
                        Files.CrashAt = Operations[amount % Operations.Length];
                        break;
                    case 1:
                        var operation = Operations[amount % Operations.Length];
                        Files.Fault = (name, _) => name == operation ? Once() : null;
                        break;
                    case 2:
                        Reopen(amount % 2 == 0);
                        break;
                    case 3 or 4:
                        Attempt(() => _spool!.Sync());
                        break;
                    case 5 or 6:
                        Receive(amount % 8);
                        break;
                    default:
                        Attempt(() => Append((amount % 3) + 1));
                        break;
                }

                if (_spool is not null)
                {
                    _synced = Math.Max(_synced, _spool.Synced);
                }
            }

            Files.CrashAt = null;
            Files.Fault = null;
            Reopen(crash: Files.IsDead || seed % 2 == 0);
            while (Receive(100))
            {
            }

            Assert.Equal(_lines.Select(line => line.Line), _server);
        }

        IOException Once()
        {
            Files.Fault = null;
            return new IOException("no space", 28);
        }

        void Attempt(Action work)
        {
            try
            {
                if (_spool is null)
                {
                    Open();
                }

                work();
            }
            catch (IOException)
            {
                if (Files.IsDead)
                {
                    Reopen(crash: true);
                }
            }
        }

        void Open()
        {
            if (_spool is not null)
            {
                return;
            }

            var spool = Spool.Open(Files, Directory, new(Guid.Empty, "app", "/run/app"), new(1 << 20) { FileLength = 200 }, lost => Assert.Fail(lost));
            _spool = spool;
            // What was not synced may be gone, from somewhere on.
            _lines.RemoveAll(line => line.End > spool.End);
            Assert.Equal(spool.End, Math.Max(spool.Start, _lines.Count == 0 ? 0 : _lines[^1].End));
            Assert.True(spool.End >= _synced, $"synced up to {_synced}, there up to {spool.End}");
            Assert.True(spool.Start <= _received, $"begins at {spool.Start}, received up to {_received}");
            _synced = spool.End;
            spool.Acknowledge(_received);
        }

        void Reopen(bool crash)
        {
            _spool?.Dispose();
            _spool = null;
            if (crash || Files.IsDead)
            {
                Files.Crash();
            }

            Attempt(Open);
        }

        void Append(int count)
        {
            var (text, lines) = (new StringBuilder(), new List<(string, long)>());
            var end = _spool!.End;
            for (var i = 0; i < count; i++)
            {
                var line = $"line {_next++} {new string('x', _next * 7 % 40)}\n";
                text.Append(line);
                lines.Add((line, end += line.Length));
            }

            try
            {
                _spool.Append(Encoding.ASCII.GetBytes(text.ToString()), new(0));
            }
            catch (IOException) when (!Files.IsDead)
            {
                Assert.Equal(end - text.Length, _spool.End);
                return;
            }

            _lines.AddRange(lines);
        }

        /// <summary>The server takes some frames, and the line in the midst of one perhaps.</summary>
        bool Receive(int frames)
        {
            SpoolPlace? at = null;
            var bytes = Array.Empty<byte>();
            var any = false;
            for (var i = 0; i < frames && _spool is not null && _spool.TryRead(_received, ref at, ref bytes, out var frame); i++)
            {
                Assert.InRange(frame.Offset, 0, _received);
                var text = Encoding.ASCII.GetString(bytes, (int)(_received - frame.Offset), (int)(frame.End - _received));
                var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line + "\n").ToList();
                var taken = lines.Take(i % 2 == 0 ? lines.Count : 1).ToList();
                _server.AddRange(taken);
                _received += taken.Sum(line => line.Length);
                any = true;
                _spool.Acknowledge(_received);
            }

            return any;
        }
    }
}
