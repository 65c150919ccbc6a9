using System.ComponentModel;
using System.Diagnostics;

namespace MonoRepo.Hosting.App.Verbs;

/// <summary>Asks a program on the PATH for its version.</summary>
internal static class ProgramCheck
{
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(15);

    /// <summary>The first line that it prints, or null when it is not there or fails.</summary>
    public static async Task<string?> AskAsync(string program, string[] arguments, CancellationToken cancellationToken)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            timeout.CancelAfter(_timeout);
            var output = process.StandardOutput.ReadToEndAsync(timeout.Token);
            var errors = process.StandardError.ReadToEndAsync(timeout.Token);
            await process.WaitForExitAsync(timeout.Token).ConfigureAwait(false);
            await errors.ConfigureAwait(false);
            return process.ExitCode == 0 ? (await output.ConfigureAwait(false)).Split('\n')[0].Trim() : null;
        }
        catch (Exception e) when (e is Win32Exception or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>A finding about a program that only some uses need.</summary>
    public static async Task<DoctorFinding> OptionalAsync(string program, string[] arguments, string use, CancellationToken cancellationToken) =>
        await AskAsync(program, arguments, cancellationToken).ConfigureAwait(false) is { } version
            ? new DoctorFinding(program, DoctorVerdict.Ok, version)
            : new DoctorFinding(program, DoctorVerdict.Optional, "not found", $"Only {use} need it; install it for them.");
}
