using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Puppylog.Alerts.Notices;

namespace Puppylog.Alerts.Notifiers;

/// <summary>Posts notices over HTTP. Any answer but 2xx is a failure; redirects are the client's.</summary>
/// <param name="http">Shared by whoever likes.</param>
/// <param name="url">Where to. It may be a secret (Slack's is) and is in no message.</param>
/// <param name="shape">What is sent.</param>
/// <param name="authorization">The header's value, <c>Bearer …</c> for instance; none for none.</param>
/// <param name="clock">For a <c>Retry-After</c> that is a date.</param>
sealed class WebhookNotifier(HttpClient http, Uri url, WebhookShape shape, string? authorization, TimeProvider clock) : INotifier
{
    /// <summary>The Alertmanager below an address: its API, version 2.</summary>
    public static WebhookNotifier Alertmanager(HttpClient http, Uri address, string? authorization, TimeProvider clock) =>
        new(http, new Uri($"{address.AbsoluteUri.TrimEnd('/')}/api/v2/alerts"), WebhookShape.Alertmanager, authorization, clock);

    public async Task SendAsync(IReadOnlyList<Notice> notices, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url)
        {
            Content = new StringContent(Body(notices), Encoding.UTF8, "application/json"),
        };
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        // One key for a body of one, so that a receiver need not read the body to know a duplicate.
        if (notices.Count == 1)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", Uri.EscapeDataString(notices[0].Key));
        }

        try
        {
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (!answer.IsSuccessStatusCode)
            {
                throw new NotifierException($"answered {((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture)}", Pause(answer.Headers.RetryAfter));
            }
        }
        catch (HttpRequestException error)
        {
            throw new NotifierException(error.Message, error);
        }
    }

    string Body(IReadOnlyList<Notice> notices) => shape switch
    {
        WebhookShape.Slack => NoticeJson.Slack(notices),
        WebhookShape.Teams => NoticeJson.Teams(notices),
        WebhookShape.Alertmanager => NoticeJson.Alertmanager(notices),
        _ => NoticeJson.Webhook(notices),
    };

    TimeSpan Pause(RetryConditionHeaderValue? header) => header switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - clock.GetUtcNow(),
        _ => default,
    };
}
