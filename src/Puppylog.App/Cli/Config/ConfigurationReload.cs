using System.Globalization;
using Puppylog.Configuration;
using Puppylog.Storage;

namespace Puppylog.App.Cli.Config;

/// <summary>
/// The configuration that a running process works by, and its exchange: the new one is read and checked whole before anything
/// changes, and where it is wrong, the old one goes on.
/// </summary>
sealed class ConfigurationReload : IDisposable
{
    readonly Func<PuppylogConfiguration> _read;
    readonly Func<PuppylogConfiguration, CancellationToken, Task> _apply;
    readonly Action<string> _tell;
    readonly CancellationToken _stop;
    readonly SemaphoreSlim _turn = new(1);
    PuppylogConfiguration _current;

    /// <param name="current">What holds.</param>
    /// <param name="read">Reads the file again.</param>
    /// <param name="apply">Makes another one hold; ends when that is so.</param>
    /// <param name="tell">Takes sentences for people, from any thread.</param>
    /// <param name="stop">Ends waiting for a reload.</param>
    public ConfigurationReload(
        PuppylogConfiguration current, Func<PuppylogConfiguration> read, Func<PuppylogConfiguration, CancellationToken, Task> apply, Action<string> tell, CancellationToken stop)
    {
        _current = current;
        _read = read;
        _apply = apply;
        _tell = tell;
        _stop = stop;
    }

    /// <summary>What holds now.</summary>
    public PuppylogConfiguration Current => Volatile.Read(ref _current);

    /// <summary>Reads the file again and works by it from now on. Returns when the sources have changed.</summary>
    /// <exception cref="ConfigurationException">It is wrong; nothing has changed.</exception>
    /// <exception cref="LogStoreException">The store cannot take the change.</exception>
    /// <exception cref="OperationCanceledException">The run ends.</exception>
    public async Task ReloadAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var next = _read();
            var before = Current;
            await _apply(next, cancellationToken);
            Volatile.Write(ref _current, next);
            if (next.Batches != before.Batches || next.Store != before.Store || next.Server != before.Server || next.Agent != before.Agent)
            {
                _tell("batches, store, server and agent count from the next start on");
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>The same, and tells how it went.</summary>
    public async Task ReloadAndTellAsync()
    {
        try
        {
            await ReloadAsync(_stop);
            _tell(string.Create(CultureInfo.InvariantCulture, $"{Current.File} is reloaded: {Current.Sources.Length} source{(Current.Sources.Length == 1 ? "" : "s")}"));
        }
        catch (ConfigurationException wrong)
        {
            foreach (var mistake in wrong.Mistakes)
            {
                _tell(mistake.ToString());
            }

            _tell($"{Current.File} is not reloaded, as it has mistakes; the old configuration goes on");
        }
        catch (LogStoreException wrong)
        {
            _tell($"{Current.File} is not reloaded: {wrong.Message}; the old configuration goes on");
        }
        catch (Exception wrong) when (wrong is OperationCanceledException or ObjectDisposedException)
        {
            // The run has ended.
        }
    }

    public void Dispose() => _turn.Dispose();
}
