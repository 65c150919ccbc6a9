using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>The application as the test has it: disposing stops it, and the command line has no verbs here.</summary>
/// <param name="inner">The application.</param>
internal sealed class TestedApplication(DistributedApplication inner) : DistributedApplication(inner)
{
    private int _isStarted;
    private int _isDisposed;

    /// <inheritdoc />
    public override Task StartAsync(CancellationToken cancellationToken = default)
    {
        Interlocked.Exchange(ref _isStarted, 1);
        return inner.StartAsync(cancellationToken);
    }

    /// <inheritdoc />
    public override async Task RunAsync(CancellationToken cancellationToken = default)
    {
        await StartAsync(cancellationToken).ConfigureAwait(false);
        await this.WaitForShutdownAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public override Task StopAsync(CancellationToken cancellationToken = default) =>
        Interlocked.Exchange(ref _isStarted, 0) == 1 ? inner.StopAsync(cancellationToken) : Task.CompletedTask;

    /// <inheritdoc />
    public override async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 1)
        {
            return;
        }

        try
        {
            await StopAsync(CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            await inner.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <inheritdoc />
    public override void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();
}
