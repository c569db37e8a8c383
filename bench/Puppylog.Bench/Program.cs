using System.Globalization;
using Puppylog.Bench;

return args switch
{
    ["parse", var file] => ParseMeasurement.Run(file, "combined"),
    ["parse", var file, var format] => ParseMeasurement.Run(file, format),
    ["encode", var file] => EncodeMeasurement.Run(file),
    ["query", var directory, var runs, .. var queries] when int.TryParse(runs, out var count) => await QueryMeasurement.RunAsync(directory, count, queries),
    ["slow", var file, var directory, var commits, var lines] => await SlowSourceMeasurement.CommitAsync(file, directory, int.Parse(commits, CultureInfo.InvariantCulture), int.Parse(lines, CultureInfo.InvariantCulture)),
    ["compact", var directory] => await SlowSourceMeasurement.CompactAsync(directory),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: parse FILE [FORMAT] | encode FILE | query DATA RUNS QUERY… | slow FILE DATA COMMITS LINES | compact DATA");
    return 2;
}
