using Puppylog.EndToEnd.Harness;

namespace Puppylog.EndToEnd;

/// <summary><c>collect --config</c>, read again on SIGHUP while the files grow.</summary>
public sealed class ReloadTests(PublishedProgram program) : IDisposable
{
    readonly TestDirectory _directory = new();

    string File => _directory["puppylog.yaml"];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Every_line_is_stored_once_whatever_is_reloaded_while_files_grow()
    {
        const int Lines = 4000;
        const string Source = "\n  - {path: %, format: text}";
        string[] names = ["a.log", "b.log", "c.log"];
        var all = $"sources:{string.Concat(names.Select(name => Source.Replace("%", name, StringComparison.Ordinal)))}\n";
        string[] others =
        [
            "sources: [{path: '*.log', format: text}]\n",
            "sources: [{path: '*.log', exclude: b.log, format: text, fields: {application_name: shop}}]\n",
            "sources: [{path: a.log, format: text, multiline: off}, {path: '[bc].log', format: text, group: g}]\n",
            "sources: [{path: c.log, format: text}]\n",
            "sorces: []\n",
            all,
        ];
        System.IO.File.WriteAllText(File, all);
        await using var collector = program.Start("collect", "--config", File, "--watch", "--data", _directory.Data);
        await Eventually.HoldsAsync(() => System.IO.File.Exists(Path.Combine(_directory.Data, "catalog.db")), () => "the store was not opened");
        var writing = Task.WhenAll(names.Select(WriteAsync));
        var random = new Random(7);
        for (var round = 0; !writing.IsCompleted; round++)
        {
            System.IO.File.WriteAllText(File, others[random.Next(others.Length)]);
            var told = Told(collector.ErrorLines);
            collector.HangUp();
            await collector.WaitForErrorAsync(lines => Told(lines) > told, "the outcome of a reload");
            await Task.Delay(random.Next(100), TestContext.Current.CancellationToken);
        }

        System.IO.File.WriteAllText(File, all);
        collector.HangUp();
        await program.WaitForCountAsync(_directory.Data, names.Length * Lines, collector);
        await collector.StopAsync();
        var stored = (await program.RawAsync(_directory.Data)).AsSpan().ToArray();
        var texts = System.Text.Encoding.UTF8.GetString(stored).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        foreach (var name in names)
        {
            Assert.Equal(Enumerable.Range(0, Lines).Select(i => $"{name} {i}").Order(StringComparer.Ordinal), texts.Where(text => text.StartsWith(name, StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        }

        async Task WriteAsync(string name)
        {
            for (var i = 0; i < Lines; i += 20)
            {
                await System.IO.File.AppendAllTextAsync(_directory[name], string.Concat(Enumerable.Range(i, 20).Select(line => $"{name} {line}\n")));
                await Task.Delay(20);
            }
        }
    }

    [Theory]
    [InlineData("collect", "--watch")]
    [InlineData("serve", "--listen", "127.0.0.1:0")]
    public async Task Wrong_configuration_is_refused_and_the_old_one_goes_on(params string[] command)
    {
        System.IO.File.WriteAllText(File, "sources: [{path: a.log, format: text}]\n");
        System.IO.File.WriteAllText(_directory["a.log"], "1\n");
        await using var collector = program.Start([.. command, "--config", File, "--data", _directory.Data]);
        await program.WaitForCountAsync(_directory.Data, 1, collector);
        System.IO.File.WriteAllText(File, "sources: [{path: a.log, format: txt}]\n");
        collector.HangUp();
        await collector.WaitForErrorAsync(lines => lines.Any(line => line.Contains("the old configuration goes on", StringComparison.Ordinal)), "the refusal");
        Assert.Contains(collector.ErrorLines, line => line.Contains("puppylog.yaml:1:33: format: there is no format 'txt'; did you mean 'text'?", StringComparison.Ordinal));
        System.IO.File.AppendAllText(_directory["a.log"], "2\n");
        await program.WaitForCountAsync(_directory.Data, 2, collector);
        await collector.StopAsync();
    }

    [Fact]
    public async Task Flags_go_before_the_file_at_a_reload_too()
    {
        System.IO.File.WriteAllText(File, "retention: {age: 10d}\nsources: [{path: a.log, format: text}]\n");
        await using var collector = program.Start("collect", "--config", File, "--watch", "--retain", "30d", "--data", _directory.Data);
        await Eventually.HoldsAsync(() => System.IO.File.Exists(Path.Combine(_directory.Data, "catalog.db")), () => "the store was not opened");
        System.IO.File.WriteAllText(File, "retention: {age: 20d, size: 50GB}\nsources: [{path: a.log, format: text}]\n");
        collector.HangUp();
        await collector.WaitForErrorAsync(lines => Told(lines) > 0, "the reload");
        var status = (await program.RunAsync("store", "status", "--data", _directory.Data)).Expect(0);
        await collector.StopAsync();
        Assert.Contains("keeps 30 days and 50.0 GB", status.Text, StringComparison.Ordinal);
    }

    static int Told(string[] lines) => lines.Count(line => line.Contains("reloaded:", StringComparison.Ordinal) || line.Contains("is not reloaded", StringComparison.Ordinal));
}
