using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Puppylog.EndToEnd.Harness;

/// <summary>A started program whose outputs are read as they come. Killed, if it still runs, when disposed.</summary>
public sealed partial class RunningProgram : IAsyncDisposable
{
    const int SigHup = 1;
    const int SigInt = 2;
    const int SigKill = 9;
    const int SigTerm = 15;

    readonly Process _process;
    readonly Transcript _output = new();
    readonly Transcript _errors = new();
    readonly Task _reading;

    internal RunningProgram(ProcessStartInfo start)
    {
        _process = Process.Start(start)!;
        _reading = Task.WhenAll(
            _output.ReadAsync(_process.StandardOutput.BaseStream), _errors.ReadAsync(_process.StandardError.BaseStream));
    }

    public bool HasExited => _process.HasExited;

    public string[] OutputLines => _output.Lines;

    public string[] ErrorLines => _errors.Lines;

    internal Stream Input => _process.StandardInput.BaseStream;

    public Task WaitForOutputAsync(Func<string[], bool> condition, string what) => WaitAsync(_output, condition, what);

    public Task WaitForErrorAsync(Func<string[], bool> condition, string what) => WaitAsync(_errors, condition, what);

    public void Terminate() => Send(SigTerm);

    public void HangUp() => Send(SigHup);

    public void Interrupt() => Send(SigInt);

    public void Kill() => Send(SigKill);

    public async Task<ProgramResult> WaitForExitAsync(TimeSpan? patience = null)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(patience ?? Eventually.Patience);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
            await _reading.WaitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            Assert.Fail($"still running; stderr:\n{_errors.Text}");
        }

        return new(_process.ExitCode, _output.Bytes, _errors.Text);
    }

    /// <summary>Ends it with SIGTERM and expects that it ends well.</summary>
    public async Task<ProgramResult> StopAsync()
    {
        Terminate();
        return (await WaitForExitAsync()).Expect(0);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        // A grandchild may still hold the pipe; nobody waits for what it has to say.
        await Task.WhenAny(_reading, Task.Delay(TimeSpan.FromSeconds(5), CancellationToken.None));
        _process.Dispose();
    }

    Task WaitAsync(Transcript transcript, Func<string[], bool> condition, string what) => Eventually.HoldsAsync(
        () =>
        {
            // Read before the lines: what an ending program wrote last is then among them.
            var ended = _process.HasExited && _reading.IsCompleted;
            if (condition(transcript.Lines))
            {
                return true;
            }

            Assert.False(ended, $"ended with {(ended ? _process.ExitCode : 0)} before {what}; stderr:\n{_errors.Text}\nstdout:\n{_output.Text}");
            return false;
        },
        () => $"waited in vain for {what}; stderr:\n{_errors.Text}\nstdout:\n{_output.Text}");

    void Send(int signal) => _ = SendSignal(_process.Id, signal);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);
}
