using System.Collections;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Puppylog.Sources.Native;
using Puppylog.Sources.Streams;

namespace Puppylog.Sources.Commands;

/// <summary>A shell that runs a command in a process group of its own, with its outputs as pipes and no input.</summary>
/// <remarks>Not <c>System.Diagnostics.Process</c>: it can set no process group, and what a shell has started would outlive it.</remarks>
sealed unsafe class ChildProcess : IDisposable
{
    const string Shell = "/bin/sh";
    // More than glibc's and musl's types take: 336 and 80 bytes, and 128 of a set of signals.
    const int StructureSize = 1024;
    // SETPGROUP, SETSIGDEF, SETSIGMASK.
    const short SpawnFlags = 2 | 4 | 8;
    const int WithoutWaiting = 1;
    const int Terminate = 15;
    const int KillAtOnce = 9;

    readonly int _process;
    int? _status;

    ChildProcess(int process, PipeEnd output, PipeEnd errors)
    {
        _process = process;
        Output = output;
        Errors = errors;
    }

    public PipeEnd Output { get; }

    public PipeEnd Errors { get; }

    /// <exception cref="IOException">It cannot be started.</exception>
    public static ChildProcess Start(string command)
    {
        var (output, outputWriter) = MakePipe();
        var (errors, errorWriter) = MakePipe();
        using (outputWriter)
        using (errorWriter)
        {
            try
            {
                return new(Spawn(command, outputWriter, errorWriter), output, errors);
            }
            catch
            {
                output.Dispose();
                errors.Dispose();
                throw;
            }
        }
    }

    /// <summary>True where it has ended; how is <paramref name="end"/>.</summary>
    public bool HasEnded(out ProcessEnd end)
    {
        if (_status is null && LibC.WaitFor(_process, out var status, WithoutWaiting) != 0)
        {
            _status = status;
        }

        end = new(_status ?? 0);
        return _status is not null;
    }

    /// <summary>Asks it, and what it has started, to end.</summary>
    public void End() => Send(Terminate);

    public void Kill() => Send(KillAtOnce);

    /// <summary>Kills what still runs.</summary>
    public void Dispose()
    {
        Kill();
        if (_status is null)
        {
            _ = LibC.WaitFor(_process, out _, 0);
        }

        Output.Dispose();
        Errors.Dispose();
    }

    /// <summary>A group whose leader has been waited for may be another's by now.</summary>
    void Send(int signal)
    {
        if (_status is null)
        {
            _ = LibC.Signal(-_process, signal);
        }
    }

    static (PipeEnd Reader, SafeFileHandle Writer) MakePipe()
    {
        var ends = stackalloc int[2];
        if (LibC.MakePipe(ends, LibC.CloseOnExec) != 0)
        {
            throw new IOException(Marshal.GetLastPInvokeErrorMessage());
        }

        return (PipeEnd.Take(new SafeFileHandle(ends[0], ownsHandle: true)), new SafeFileHandle(ends[1], ownsHandle: true));
    }

    static int Spawn(string command, SafeFileHandle output, SafeFileHandle errors)
    {
        var actions = stackalloc byte[StructureSize];
        var attributes = stackalloc byte[StructureSize];
        var signals = stackalloc byte[StructureSize];
        _ = LibC.InitActions(actions);
        _ = LibC.InitAttributes(attributes);
        var texts = new List<nint>();
        try
        {
            _ = LibC.AddOpen(actions, 0, "/dev/null", LibC.ReadOnly, 0);
            _ = LibC.AddDuplicate(actions, (int)output.DangerousGetHandle(), 1);
            _ = LibC.AddDuplicate(actions, (int)errors.DangerousGetHandle(), 2);
            _ = LibC.SetSpawnFlags(attributes, SpawnFlags);
            _ = LibC.SetProcessGroup(attributes, 0);
            _ = LibC.FillSignals(signals);
            _ = LibC.SetDefaultSignals(attributes, signals);
            _ = LibC.EmptySignals(signals);
            _ = LibC.SetSignalMask(attributes, signals);
            fixed (byte** arguments = Texts(["sh", "-c", command], texts))
            fixed (byte** environment = Texts(Variables(), texts))
            {
                var error = LibC.Spawn(out var process, Shell, actions, attributes, arguments, environment);
                return error == 0 ? process : throw new IOException($"{Shell}: {Marshal.GetPInvokeErrorMessage(error)}");
            }
        }
        finally
        {
            texts.ForEach(Marshal.FreeHGlobal);
            _ = LibC.DestroyActions(actions);
            _ = LibC.DestroyAttributes(attributes);
        }
    }

    static IEnumerable<string> Variables() =>
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(variable => $"{variable.Key}={variable.Value}");

    /// <summary>Texts as C has them, ended by a null; memory is noted in <paramref name="allocated"/>.</summary>
    static byte*[] Texts(IEnumerable<string> values, List<nint> allocated)
    {
        var first = allocated.Count;
        foreach (var value in values)
        {
            var bytes = Encoding.UTF8.GetBytes(value + '\0');
            allocated.Add(Marshal.AllocHGlobal(bytes.Length));
            Marshal.Copy(bytes, 0, allocated[^1], bytes.Length);
        }

        var texts = new byte*[allocated.Count - first + 1];
        for (var i = 0; i < texts.Length - 1; i++)
        {
            texts[i] = (byte*)allocated[first + i];
        }

        return texts;
    }
}
