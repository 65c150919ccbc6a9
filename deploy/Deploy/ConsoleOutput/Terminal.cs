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
