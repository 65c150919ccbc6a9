using System.Text;

namespace MonoRepo.Acquire;

/// <summary>
/// Lines for the build's output and for the terminal itself: `dotnet run` builds quietly, and a first run that is silent for a
/// minute looks like one that hangs.
/// </summary>
/// <param name="buildOutput">What MSBuild reads and shows, unless it was told to be quiet.</param>
public sealed class BuildProgress(TextWriter buildOutput) : TextWriter
{
    private const string Terminal = "/dev/tty";

    /// <inheritdoc/>
    public override Encoding Encoding => buildOutput.Encoding;

    /// <inheritdoc/>
    public override void WriteLine(string? value)
    {
        buildOutput.WriteLine(value);
        try
        {
            File.AppendAllText(Terminal, $"{value}\n");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // No terminal: a pipe, a service, CI.
        }
    }
}
