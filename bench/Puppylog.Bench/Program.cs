using Puppylog.Bench;

return args switch
{
    ["parse", var file] => ParseMeasurement.Run(file, "combined"),
    ["parse", var file, var format] => ParseMeasurement.Run(file, format),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: parse FILE [FORMAT]");
    return 2;
}
