namespace Puppylog.Alerts.Notices;

enum NoticeKind
{
    Firing,
    Recovered,
    Test,
}
