using System.Runtime.InteropServices;
using MonoRepo.Deploy;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>
/// Ctrl+C and TERM as a cancellation, for commands that go on until then, and for those that note how far they came. A second
/// signal ends the process.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly IReadOnlyList<PosixSignalRegistration> _registrations;

    public Interruption(CancellationToken cancellationToken)
    {
        _source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _registrations =
        [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM }.Select(s => PosixSignalRegistration.Create(s, Cancel))];
    }

    /// <summary>Cancelled by the signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Executes a change of the cluster that ends in good order where it's interrupted.</summary>
    public static async Task<int> RunAsync(
        CommandContext context, Func<CommandContext, CancellationToken, Task<int>> change, CancellationToken cancellationToken)
    {
        if (context.Step is not null)
        {
            // The aspire command has handlers of its own.
            return await change(context, cancellationToken);
        }

        using var interruption = new Interruption(cancellationToken);
        try
        {
            return await change(context, interruption.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or DeployException
            && interruption.Token.IsCancellationRequested)
        {
            await context.Error.WriteLineAsync(
                "Interrupted. What has changed stays; the same command again goes on, and `history` says what was begun.");
            return ExitCodes.Interrupted;
        }
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _source.Dispose();
    }

    private void Cancel(PosixSignalContext context)
    {
        context.Cancel = !_source.IsCancellationRequested;
        _source.Cancel();
    }
}
