using System.Text;

namespace Puppylog.EndToEnd.Harness;

/// <param name="ExitCode">What the program ended with; 128 + the signal's number where one ended it.</param>
/// <param name="Output">Standard output, byte for byte.</param>
/// <param name="Errors">Standard error as text.</param>
public sealed record ProgramResult(int ExitCode, byte[] Output, string Errors)
{
    public string Text => Encoding.UTF8.GetString(Output);

    public string[] Lines => Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Itself, where the program ended with the code; else a failure that shows what it said.</summary>
    public ProgramResult Expect(int exitCode)
    {
        Assert.True(ExitCode == exitCode, $"exit code {ExitCode}, not {exitCode}; stderr:\n{Cut(Errors)}\nstdout:\n{Cut(Text)}");
        return this;
    }

    static string Cut(string text) => text.Length < 4000 ? text : text[..2000] + "\n…\n" + text[^2000..];
}
