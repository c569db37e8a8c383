namespace Puppylog.Alerts.States;

enum AlertCause
{
    Threshold,
    NoData,
}
