namespace Puppylog.Alerts.Notifiers;

/// <summary>What a webhook's body looks like.</summary>
enum WebhookShape
{
    Json,
    Slack,
    Teams,
    Alertmanager,
}
