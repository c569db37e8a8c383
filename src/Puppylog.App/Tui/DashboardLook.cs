namespace Puppylog.App.Tui;

/// <param name="Colours">False for none; bold, dim and reversed text stay.</param>
/// <param name="Mouse">True takes the mouse: its wheel scrolls, a click chooses a view, and text is marked with Shift held.</param>
readonly record struct DashboardLook(bool Colours, bool Mouse);
