using System.Text.Json;
using Puppylog.Alerts.Notifiers;
using Puppylog.Alerts.Outbox;
using Puppylog.Storage.Embedded.Files;
using Puppylog.Tests.Alerts.Notices;
using Puppylog.Tests.Storage.Embedded;

namespace Puppylog.Tests.Alerts.Notifiers;

public sealed class WebhookTests : IDisposable
{
    static readonly CourierOptions Impatient = new()
    {
        Patience = TimeSpan.FromMilliseconds(300),
        FirstPause = TimeSpan.FromMilliseconds(2),
        LongestPause = TimeSpan.FromMilliseconds(20),
        Burst = 100_000,
        MostTogether = 3,
    };

    readonly TemporaryDirectory _directory = new();
    readonly HttpClient _http = new();

    public void Dispose()
    {
        _http.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Receiver_that_fails_hangs_and_breaks_off_at_random_gets_every_notice_through_restarts()
    {
        await using var receiver = new FlakyReceiver(3);
        var path = Path.Combine(_directory.Path, "outbox.jsonl");
        var put = new List<string>();
        for (var life = 0; life < 4; life++)
        {
            using var outbox = FileOutbox.Open(LocalFileSystem.Instance, path);
            await using var desk = Desk(receiver, outbox);
            for (var number = 0; number < 10; number++)
            {
                var notice = SampleNotices.Firing((life * 10) + number);
                desk.Put([notice], []);
                put.Add(notice.Key);
                await Task.Delay(5, TestContext.Current.CancellationToken);
            }

            while (life == 3 && outbox.Pending("hook", 1).Count > 0)
            {
                await Task.Delay(5, TestContext.Current.CancellationToken);
            }
        }

        Assert.Empty(put.Except(receiver.Keys(acknowledged: true)));
        Assert.Empty(receiver.Keys(acknowledged: false).Except(put));
        Assert.True(receiver.Answers.Count == 5, "the receiver was hardly flaky");
    }

    [Fact]
    public async Task Notices_of_a_working_receiver_come_once()
    {
        await using var receiver = new FlakyReceiver(3, isFlaky: false);
        var outbox = new MemoryOutbox();
        await using var desk = Desk(receiver, outbox);
        for (var number = 0; number < 20; number++)
        {
            desk.Put([SampleNotices.Firing(number), SampleNotices.Firing(number)], []);
        }

        while (outbox.Pending("hook", 1).Count > 0)
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        Assert.Equal(Enumerable.Range(0, 20).Select(number => SampleNotices.Firing(number).Key), receiver.Keys(acknowledged: true));
        Assert.All(receiver.Requests, request => Assert.Equal("Bearer x", request.Authorization));
    }

    [Fact]
    public async Task Nobody_there_is_a_failure_that_says_so()
    {
        Uri url;
        await using (var receiver = new FlakyReceiver(1, isFlaky: false))
        {
            url = receiver.Url;
        }

        var notifier = new WebhookNotifier(_http, url, WebhookShape.Json, null, TimeProvider.System);
        var error = await Assert.ThrowsAsync<NotifierException>(() => notifier.SendAsync([SampleNotices.Firing(1)], TestContext.Current.CancellationToken));
        Assert.Contains("refused", error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Json_says_everything()
    {
        var notice = JsonDocument.Parse(NoticeJson.Webhook([SampleNotices.Firing(7, "/a")])).RootElement.GetProperty("notices")[0];
        Assert.Equal(
            """{"key":"high//a/7/firing","alert":"high","segment":"/a","kind":"firing","severity":"critical","message":"High traffic generated an alert - hits = 7, triggered at 2026-11-21T14:00:00Z","value":"7","time":"2026-11-21T14:00:00Z","fired":"2026-11-21T14:00:00Z","labels":{"team":"web"},"samples":["GET /a <b> & \"c\"",".","ü"]}""",
            notice.GetRawText());
    }

    [Fact]
    public void Slack_gets_a_text_in_which_a_log_line_cannot_call_people() => Assert.Equal(
        "High traffic generated an alert - hits = 7, triggered at 2026-11-21T14:00:00Z\n```\nGET /a &lt;b&gt; &amp; \"c\"\n.\nü\n```\nHigh traffic alert recovered - hits = 7, recovered at 2026-11-21T14:01:00Z",
        JsonDocument.Parse(NoticeJson.Slack([SampleNotices.Firing(7), SampleNotices.Recovered(7)])).RootElement.GetProperty("text").GetString());

    [Fact]
    public void Teams_gets_an_adaptive_card()
    {
        var attachment = JsonDocument.Parse(NoticeJson.Teams([SampleNotices.Firing(7)])).RootElement.GetProperty("attachments")[0];
        Assert.Equal("application/vnd.microsoft.card.adaptive", attachment.GetProperty("contentType").GetString());
        Assert.Equal(4, attachment.GetProperty("content").GetProperty("body").GetArrayLength());
    }

    [Fact]
    public void Alertmanager_gets_one_alert_a_segment_which_the_last_notice_ends()
    {
        var alerts = JsonDocument.Parse(NoticeJson.Alertmanager([SampleNotices.Firing(7), SampleNotices.Recovered(7), SampleNotices.Firing(8, "/a")])).RootElement;
        Assert.Equal(["2026-11-21T14:01:00Z", "2027-11-21T14:00:00Z"], alerts.EnumerateArray().Select(alert => alert.GetProperty("endsAt").GetString()));
        Assert.Equal(
            """{"team":"web","alertname":"high","severity":"critical","segment":"/a"}""", alerts[1].GetProperty("labels").GetRawText());
    }

    NoticeDesk Desk(FlakyReceiver receiver, IOutbox outbox)
    {
        var desk = new NoticeDesk(outbox, TimeProvider.System);
        desk.Serve([new("hook", new WebhookNotifier(_http, receiver.Url, WebhookShape.Json, "Bearer x", TimeProvider.System), "", Impatient)]);
        return desk;
    }
}
