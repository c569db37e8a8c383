using Microsoft.AspNetCore.Http;
using Puppylog.App.Cli.Streams;
using Puppylog.App.Collecting;
using Puppylog.Storage.Embedded;

namespace Puppylog.App.Api.Resources;

/// <summary><c>streams</c> and <c>groups</c>.</summary>
static class StreamAnswers
{
    public static async Task SendStreamsAsync(ResourceCall call)
    {
        var streams = await StreamList.ReadAsync(call.State.Store, call.State.Clock, call.Cancellation);
        await call.SendListAsync("streams", StreamText.Json(streams, "stream", CollectorFiles.Read(call.Directory)));
    }

    public static async Task SendGroupsAsync(ResourceCall call) =>
        await call.SendListAsync("groups", StreamText.Json(await StreamList.ReadGroupsAsync(call.State.Store, call.Directory, call.State.Clock, call.Cancellation), "group"));

    public static async Task AddGroupAsync(ResourceCall call)
    {
        var group = call.Bodies.Group(await call.ReadBodyAsync());
        var isKnown = RefuseConfigured(call, group.Name);
        StoreGroups.Set(call.Directory, new(group.Name, group.Match, IsConfigured: false, call.Now));
        var rows = await StreamList.ReadGroupsAsync(call.State.Store, call.Directory, call.State.Clock, call.Cancellation);
        await call.SendAsync(isKnown ? StatusCodes.Status200OK : StatusCodes.Status201Created, StreamText.Json([.. rows.Where(row => row.Name == group.Name)], "group"));
    }

    public static Task DeleteGroupAsync(ResourceCall call)
    {
        if (!RefuseConfigured(call, call.Id) || !StoreGroups.Delete(call.Directory, call.Id))
        {
            throw new RequestException(StatusCodes.Status404NotFound, $"there is no group '{call.Id}'; 'puppylog groups' lists them");
        }

        return call.SendDeletedAsync(call.Id);
    }

    /// <summary>True where there is such a group.</summary>
    static bool RefuseConfigured(ResourceCall call, string name) => StoreGroups.List(call.Directory).FirstOrDefault(group => group.Name == name) switch
    {
        { IsConfigured: true } => throw new RequestException(StatusCodes.Status409Conflict, $"the group '{name}' is named in the configuration; change it there"),
        var known => known is not null,
    };
}
