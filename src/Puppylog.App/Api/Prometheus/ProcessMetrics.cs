using System.Diagnostics;
using Puppylog.App.Cli;

namespace Puppylog.App.Api.Prometheus;

/// <summary>What the process takes of the machine, by the names that Prometheus' own clients have.</summary>
static class ProcessMetrics
{
    public static void Add(MetricsText text)
    {
        using var process = Process.GetCurrentProcess();
        text.Gauges("puppylog_build_info", "The program's version.", [([("version", VersionCommand.Version)], 1)]);
        text.Counter("process_cpu_seconds_total", "User and system CPU time, in seconds.", process.TotalProcessorTime.TotalSeconds);
        text.Gauge("process_start_time_seconds", "Start of the process, in seconds since 1970.", new DateTimeOffset(process.StartTime).ToUnixTimeMilliseconds() / 1000.0);
        text.Gauge("process_resident_memory_bytes", "Memory of the process in RAM, in bytes.", process.WorkingSet64);
        text.Gauge("process_virtual_memory_bytes", "Address space of the process, in bytes.", process.VirtualMemorySize64);
        text.Gauge("process_open_fds", "Open files and sockets.", CountFiles());
        text.Gauge("puppylog_managed_memory_bytes", "Memory of objects, as of the last collection, in bytes.", GC.GetGCMemoryInfo().HeapSizeBytes);
    }

    static double? CountFiles()
    {
        try
        {
            return Directory.EnumerateFileSystemEntries("/proc/self/fd").Count();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
