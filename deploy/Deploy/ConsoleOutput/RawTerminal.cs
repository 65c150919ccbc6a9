using System.Diagnostics;

namespace MonoRepo.Deploy.ConsoleOutput;

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
