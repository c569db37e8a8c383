using Puppylog.Storage;
using Puppylog.Storage.Embedded;
using Puppylog.Storage.Embedded.Remote;

namespace Puppylog.Tests.Storage.Embedded;

/// <summary>The contract as a second process fulfils it through the writer's socket.</summary>
public sealed class RemoteContractTests : LogStoreContract, IAsyncDisposable
{
    readonly TemporaryDirectory _directory = new();
    ILogStore? _writer;

    public async ValueTask DisposeAsync()
    {
        if (_writer is not null)
        {
            await _writer.DisposeAsync();
        }

        _directory.Dispose();
    }

    internal override async Task<ILogStore> OpenAsync()
    {
        var options = new EmbeddedStoreOptions(TimeProvider.System);
        _writer ??= await EmbeddedStore.OpenWriterAsync(_directory.Data, options, Cancellation);
        Assert.IsType<LocalStore>(_writer);
        var store = await EmbeddedStore.OpenWriterAsync(_directory.Data, options, Cancellation);
        return Assert.IsType<RemoteStore>(store);
    }
}
