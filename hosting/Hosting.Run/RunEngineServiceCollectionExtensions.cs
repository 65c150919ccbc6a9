using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MonoRepo.Hosting.Run.Dcp;
using MonoRepo.Hosting.Run.Health;
using MonoRepo.Hosting.Run.Orchestration;

namespace MonoRepo.Hosting.Run;

/// <summary>Registers the engine that runs the graph on this machine.</summary>
public static class RunEngineServiceCollectionExtensions
{
    /// <summary>Adds the engine. It starts with the host, and needs the services of the application model.</summary>
    /// <param name="services">The AppHost's services.</param>
    /// <param name="appHost">The AppHost's assembly; its metadata name DCP and the programs of its projects.</param>
    public static IServiceCollection AddRunEngine(this IServiceCollection services, Assembly? appHost)
    {
        services.AddHealthChecks();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => DcpOptionsReader.Read(provider.GetRequiredService<IConfiguration>(), appHost));
        services.AddSingleton<DcpProgram>();
        services.AddSingleton<DcpHost>();
        services.AddSingleton<FreePorts>();
        services.TryAddSingleton(ProgramFinder.From(appHost));
        services.AddSingleton(provider => new InstanceTable(
            provider.GetRequiredService<DistributedApplicationModel>(),
            provider.GetRequiredService<DcpOptions>(),
            provider.GetRequiredService<IConfiguration>()["AppHost:Sha256"] ?? ""));
        services.AddSingleton(provider => new ContainerPlanner(
            provider.GetRequiredService<DcpHost>(),
            provider.GetRequiredService<DcpProgram>(),
            provider.GetRequiredService<IHostEnvironment>().ApplicationName.ToLowerInvariant(),
            provider.GetRequiredService<ILogger<ContainerPlanner>>()));
        services.AddSingleton<EndpointPlanner>();
        services.AddSingleton<EndpointAllocator>();
        services.AddSingleton<ConfigurationReader>();
        services.AddSingleton<InstanceStarter>();
        services.AddSingleton<RetiredObjects>();
        services.AddSingleton<InstanceController>();
        services.AddSingleton<DeferredStart>();
        services.AddSingleton<ConsoleLogs>();
        services.AddSingleton<CrashHandler>();
        services.AddSingleton<InstanceWatcher>();
        services.AddSingleton<InitialState>();
        services.AddSingleton<ParameterValues>();
        services.AddSingleton<ResourceLinks>();
        services.AddSingleton<WaitGate>();
        services.AddSingleton<Stragglers>();
        services.AddSingleton<RunOutcome>();

        // Before the engine: it must see the first state of the first resource.
        services.AddHostedService<HealthMonitor>();
        services.AddHostedService<RunEngine>();
        return services;
    }
}
