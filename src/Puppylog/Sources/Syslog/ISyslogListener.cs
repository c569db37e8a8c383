namespace Puppylog.Sources.Syslog;

/// <summary>Receives messages and hands them on in pieces. Receives on threads of its own from its making on.</summary>
interface ISyslogListener : IDisposable
{
    int Port { get; }

    /// <summary>Called now and then, on the reader's thread: what people should know is told here.</summary>
    void Look();

    /// <summary>Hands on what the system has received already and completes the channel, soon.</summary>
    void Stop();
}
