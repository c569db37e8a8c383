using Puppylog.Bench;

return args switch
{
    ["parse", var file] => ParseMeasurement.Run(file, "combined"),
    ["parse", var file, var format] => ParseMeasurement.Run(file, format),
    ["encode", var file] => EncodeMeasurement.Run(file),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: parse FILE [FORMAT] | encode FILE");
    return 2;
}
