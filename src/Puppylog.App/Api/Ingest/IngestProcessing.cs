using Puppylog.App.Cli.Config;
using Puppylog.Configuration;
using Puppylog.Configuration.Yaml;
using Puppylog.Intake;
using Puppylog.Processing.Options;

namespace Puppylog.App.Api.Ingest;

/// <summary>
/// What is done with all that comes over HTTP: what flags say, then the configuration's <c>processing</c>, from a reload on that
/// of the new one. Thread-safe.
/// </summary>
/// <param name="flags">What flags say.</param>
/// <param name="reload">The configuration; null where there is none.</param>
/// <param name="clock">What limits go by.</param>
sealed class IngestProcessing(IReadOnlyList<ProcessorOptions> flags, ConfigurationReload? reload, TimeProvider clock)
{
    readonly Lock _gate = new();
    PuppylogConfiguration? _configuration;
    string? _text;
    IntakeProcessing? _current;

    /// <summary>What holds now. Processing that says the same as before goes on with what it remembers.</summary>
    public IntakeProcessing Current
    {
        get
        {
            lock (_gate)
            {
                var configuration = reload?.Current;
                if (_current is null || !ReferenceEquals(configuration, _configuration))
                {
                    var text = NodeText.Of(configuration?.Processing);
                    _current = _current is null || text != _text ? new([.. flags, .. configuration?.Processors ?? []], clock) : _current;
                    (_configuration, _text) = (configuration, text);
                }

                return _current;
            }
        }
    }
}
