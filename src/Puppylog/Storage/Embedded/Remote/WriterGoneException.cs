namespace Puppylog.Storage.Embedded.Remote;

/// <summary>The process that writes the store has gone away; what it was asked may be done or not.</summary>
sealed class WriterGoneException(Exception? inner = null) : IOException("the process that writes the store has gone away", inner);
