using Puppylog.Storage;
using Puppylog.Storage.Embedded;

namespace Puppylog.Tests.Storage.Embedded;

/// <summary>The contract as the one writer fulfils it.</summary>
public sealed class EmbeddedContractTests : LogStoreContract, IDisposable
{
    readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    internal override Task<ILogStore> OpenAsync() =>
        EmbeddedStore.OpenWriterAsync(_directory.Data, new EmbeddedStoreOptions(TimeProvider.System), Cancellation);
}
