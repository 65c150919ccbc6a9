using Microsoft.Extensions.Hosting;

namespace MonoRepo.Tests;

/// <summary>A part of the AppHost that breaks.</summary>
internal sealed class FailingService : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        throw new InvalidOperationException("It broke.");
    }
}
