using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>The application as the Program.cs under test has it: the test decides when it starts, stops and goes.</summary>
/// <param name="inner">The application.</param>
/// <param name="ready">Program.cs has come to Run or Start: it is done with the preparations.</param>
/// <param name="end">The test is over.</param>
internal sealed class ProgramsApplication(DistributedApplication inner, Action ready, CancellationToken end) : DistributedApplication(inner)
{
    private readonly IHostApplicationLifetime _lifetime = inner.Services.GetRequiredService<IHostApplicationLifetime>();

    /// <inheritdoc />
    public override Task StartAsync(CancellationToken cancellationToken = default) => ReadyUntilAsync(_lifetime.ApplicationStarted, cancellationToken);

    /// <inheritdoc />
    public override Task RunAsync(CancellationToken cancellationToken = default) => ReadyUntilAsync(_lifetime.ApplicationStopped, cancellationToken);

    /// <inheritdoc />
    public override Task StopAsync(CancellationToken cancellationToken = default)
    {
        _lifetime.StopApplication();
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public override void Dispose()
    {
    }

    /// <inheritdoc />
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task ReadyUntilAsync(CancellationToken moment, CancellationToken cancellationToken)
    {
        ready();
        using var any = CancellationTokenSource.CreateLinkedTokenSource(moment, end, cancellationToken);
        await Task.Delay(Timeout.Infinite, any.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
