using System.Reflection;
using Aspire.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MonoRepo.Hosting.App;

/// <summary>Says that the application starts and that it has started, in the lines that the aspire command reads.</summary>
internal sealed partial class StartupLog(ILogger<DistributedApplication> logger, IConfiguration configuration) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        var version = typeof(StartupLog).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        Version(logger, version ?? "unknown");
        Starting(logger);
        Directory(logger, configuration["AppHost:Directory"]);
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        Started(logger);
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(1, LogLevel.Information, "Aspire AppHost version: {Version}")]
    private static partial void Version(ILogger logger, string version);

    [LoggerMessage(2, LogLevel.Information, "Distributed application starting.")]
    private static partial void Starting(ILogger logger);

    [LoggerMessage(3, LogLevel.Information, "Application host directory is: {Directory}")]
    private static partial void Directory(ILogger logger, string? directory);

    [LoggerMessage(4, LogLevel.Information, "Distributed application started. Press Ctrl+C to shut down.")]
    private static partial void Started(ILogger logger);
}
