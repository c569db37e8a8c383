using Puppylog.Records;
using Puppylog.Storage.Embedded.Blocks.Encodings.Templates;
static class Tmp
{
    public static int Run(string file, int level, int skip)
    {
        var bytes = File.ReadAllBytes(file).AsSpan(0, 8 << 20).ToArray();
        var spans = new List<ByteSpan>();
        for (var at = 0; at < bytes.Length - 2000; ) { var n = bytes.AsSpan(at).IndexOf((byte)'\n'); spans.Add(new(at + skip, n - skip)); at += n + 1; }
        var values = spans.ToArray();
        var places = new ulong[64];
        var list = new List<LearnedTemplate>();
        new TemplateBuilder().Learn(bytes, values.AsSpan(0, 4096), level, list);
        var matcher = new TemplateMatcher(list, SeparatorSet.Get(level));
        var copies = new CopiedValues();
        for (var what = 0; what < 3; what++)
        {
            var best = double.MaxValue; int unmatched = 0, vars = 0;
            for (var pass = 0; pass < 60; pass++)
            {
                copies.Clear(); copies.Begin(bytes.Length); foreach (var t in list) t.Clear();
                unmatched = vars = 0;
                var before = Environment.CpuUsage.TotalTime;
                if (what == 0) foreach (var span in values) SeparatorSet.Get(level).Find(bytes, span, places);
                else foreach (var span in values)
                {
                    var t = matcher.Match(bytes, span, out var v);
                    if (t < 0) { unmatched++; continue; }
                    vars += v.Length;
                    if (what == 2) list[t].Add(bytes, v, copies);
                }
                best = Math.Min(best, (Environment.CpuUsage.TotalTime - before).TotalMilliseconds * 1e6 / values.Length);
            }
            Console.WriteLine($"{Path.GetFileName(file)} {new[] { "find", "match", "match+add" }[what]}: {best:F1} ns/line of {bytes.Length / values.Length} B, {vars / (double)values.Length:F1} variables, {unmatched} unmatched of {values.Length}, {list.Count} templates");
        }
        return 0;
    }
}
