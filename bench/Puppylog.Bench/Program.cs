using System.Globalization;
using Puppylog.Bench;

return args switch
{
    ["parse", var file] => ParseMeasurement.Run(file, "combined"),
    ["parse", var file, var format] => ParseMeasurement.Run(file, format),
    ["encode", var file] => EncodeMeasurement.Run(file, "combined"),
    ["encode", var file, var format] => EncodeMeasurement.Run(file, format),
    ["encode", var file, var format, var passes] => EncodeMeasurement.RunLeast(file, format, Number(passes)),
    ["process", var file] => ProcessMeasurement.Run(file, "combined"),
    ["process", var file, var format] => ProcessMeasurement.Run(file, format),
    ["query", var directory, var runs, .. var queries] when int.TryParse(runs, out var count) => await QueryMeasurement.RunAsync(directory, count, queries),
    ["columns", var directory] => await ColumnMeasurement.RunAsync(directory),
    ["slow", var file, var directory, var commits, var lines] => await SlowSourceMeasurement.CommitAsync(file, directory, Number(commits), Number(lines)),
    ["metrics", var file, var definitions] => MetricMeasurement.Run(file, definitions),
    ["tail", var url, var file, var rate, var seconds, var clients] => await TailMeasurement.RunAsync(
        url, file, Number(rate), Number(seconds), Number(clients)),
    ["load", var url, var process, var seconds, var ingesting, var querying, var tailing, var pace] => await LoadMeasurement.RunAsync(
        url, Number(process), Number(seconds), Number(ingesting), Number(querying), Number(tailing), Number(pace)),
    ["compact", var directory] => await SlowSourceMeasurement.CompactAsync(directory),
    _ => Usage(),
};

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

static int Usage()
{
    Console.Error.WriteLine("usage: parse FILE [FORMAT] | encode FILE [FORMAT [PASSES]] | process FILE [FORMAT] | query DATA RUNS QUERY… | columns DATA | slow FILE DATA COMMITS LINES | compact DATA | metrics FILE DEFINITIONS | tail URL FILE RATE SECONDS CLIENTS | load URL PROCESS SECONDS INGESTING QUERYING TAILING PACE");
    return 2;
}
