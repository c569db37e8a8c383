using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Puppylog.App.Tui;

/// <summary>Renders to lines of text with colours, exactly as many as the terminal has.</summary>
static class FrameRenderer
{
    /// <param name="content">What is drawn.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Lines.</param>
    /// <param name="colours">False gives plain text.</param>
    public static string[] Render(IRenderable content, int width, int height, bool colours)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = colours ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = colours ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(text),
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        });
        console.Profile.Width = width;
        console.Profile.Height = height;
        console.Profile.Capabilities.Unicode = true;
        console.Write(content);
        var lines = text.ToString().Split('\n');
        Array.Resize(ref lines, Math.Min(lines.Length, height));
        var frame = new string[height];
        for (var line = 0; line < height; line++)
        {
            frame[line] = line < lines.Length ? lines[line].TrimEnd('\r') : "";
        }

        return frame;
    }
}
