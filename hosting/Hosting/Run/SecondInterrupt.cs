using System.Runtime.InteropServices;

namespace MonoRepo.Hosting;

/// <summary>
/// The first Ctrl+C stops the application in good order; the second ends the process at once, and DCP cleans up after it.
/// </summary>
internal sealed class SecondInterrupt : IDisposable
{
    private const int InterruptedExitCode = 130;
    private readonly PosixSignalRegistration _registration;
    private int _count;

    public SecondInterrupt() => _registration = PosixSignalRegistration.Create(PosixSignal.SIGINT, _ =>
    {
        if (Interlocked.Increment(ref _count) == 2)
        {
            Environment.Exit(InterruptedExitCode);
        }
    });

    public void Dispose() => _registration.Dispose();
}
