using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace MonoRepo.Deploy.ConsoleOutput;

/// <summary>Whether, and how, output can be drawn on.</summary>
internal static class Terminal
{
    /// <summary>Whether the output is a terminal that understands ANSI's codes.</summary>
    public static bool Is(TextWriter output) =>
        ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected
        && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");

    /// <summary>Whether it should have colours; https://no-color.org.</summary>
    public static bool IsColored => string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    public static ScreenArea Area(TextWriter output) => new(output, () => (Console.WindowWidth, Console.WindowHeight), IsColored);
}

/// <summary>Lines at the bottom of a terminal that are drawn again in place.</summary>
/// <param name="size">Its present size in characters.</param>
/// <param name="isColored">Whether it shows colours; where <c>NO_COLOR</c> is set it should not.</param>
internal sealed class ScreenArea(TextWriter output, Func<(int Width, int Height)> size, bool isColored)
{
    private int _drawn;

    /// <summary>Replaces what was drawn before. The last line always stays visible.</summary>
    public void Draw(IReadOnlyList<ScreenLine> lines)
    {
        var (width, height) = size();
        var most = Math.Max(2, height - 1);
        if (lines.Count > most)
        {
            lines = [.. lines.Take(most - 2), new("", $"… {lines.Count - most + 1} more lines", ScreenColor.Dim), lines[^1]];
        }

        var text = new StringBuilder(Erasing);
        foreach (var line in lines)
        {
            text.Append(Fitted(line, Math.Max(20, width - 1))).Append('\n');
        }

        output.Write(text);
        output.Flush();
        _drawn = lines.Count;
    }

    /// <summary>Writes a line above; what was drawn goes until the next drawing.</summary>
    public void WriteAbove(string line)
    {
        output.Write(Erasing);
        output.WriteLine(line);
        _drawn = 0;
    }

    /// <summary>Leaves what is drawn where it is.</summary>
    public void Leave()
    {
        output.Flush();
        _drawn = 0;
    }

    // Up by the lines drawn, to the first column; from there on everything goes.
    private string Erasing => _drawn == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"\e[{_drawn}F\e[J");

    /// <summary>A line that wraps would take more than one to erase.</summary>
    private string Fitted(ScreenLine line, int width)
    {
        var room = width - line.Mark.Length;
        var text = line.Text.Length > room ? line.Text[..(room - 1)] + "…" : line.Text;
        return line.Mark.Length > 0 ? Colored(line.Mark, line.Color) + text : Colored(text, line.Color);
    }

    private string Colored(string text, ScreenColor color) =>
        isColored && color != ScreenColor.None
        ? string.Create(CultureInfo.InvariantCulture, $"\e[{(int)color}m{text}\e[0m")
        : text;
}

/// <summary>A line of a <see cref="ScreenArea"/>.</summary>
/// <param name="Mark">What stands before the text, in colour; empty: the text is coloured.</param>
internal sealed record ScreenLine(string Mark, string Text, ScreenColor Color = ScreenColor.None);

/// <summary>Colours by their number in ANSI's "select graphic rendition".</summary>
internal enum ScreenColor
{
    None = 0,

    /// <summary>Less important.</summary>
    Dim = 2,

    /// <summary>Wrong.</summary>
    Red = 31,

    /// <summary>Well.</summary>
    Green = 32,

    /// <summary>On its way.</summary>
    Yellow = 33,
}

/// <summary>
/// The terminal passes on every key as it is typed, Ctrl+C too, until this is disposed of. Where there is no <c>stty</c>, lines
/// are passed on.
/// </summary>
internal sealed class RawTerminal : IDisposable
{
    private readonly string? _before;

    /// <summary>Switches it.</summary>
    public RawTerminal()
    {
        if (!OperatingSystem.IsWindows())
        {
            _before = Stty("-g");
            Stty("raw", "-echo");
        }
    }

    public void Dispose()
    {
        if (_before is { Length: > 0 })
        {
            Stty(_before);
        }
    }

    // It changes the terminal that is its standard input, which is ours.
    private static string? Stty(params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("stty", arguments) { RedirectStandardOutput = true })!;
            var output = process.StandardOutput.ReadToEnd().Trim();
            process.WaitForExit();
            return output;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
