using System.Reflection;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using MonoRepo.Hosting.Run;
using MonoRepo.Hosting.Run.Dashboard;

namespace MonoRepo.Hosting.App;

/// <summary>The services of the app model and the engines.</summary>
internal static class AppHostServices
{
    internal static void Add(IDistributedApplicationBuilder builder, DistributedApplicationOptions options, AppHostArguments arguments)
    {
        var services = builder.Services;
        services.AddSingleton(options);
        services.AddSingleton(arguments);
        services.AddSingleton(new CommandLineSwitches(arguments.All));
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(builder.ExecutionContext);
        services.AddSingleton(builder.Eventing);
        services.AddSingleton(_ => new DistributedApplicationModel(builder.Resources));
        services.AddSingleton<ResourceLoggerService>();
        services.AddSingleton<ResourceNotificationService>();
        services.AddSingleton(provider => ResourceCommands.Create(provider));
        services.AddSingleton<IGeneratedValueStore>(UserSecretsStore.Create(builder.Configuration, builder.AppHostAssembly));
        services.AddHealthChecks();
        services.Configure<ResourceNotificationServiceOptions>(o => o.DefaultWaitBehavior =
            options.DisableDashboard ? WaitBehavior.StopOnResourceUnavailable : WaitBehavior.WaitOnResourceUnavailable);
        services.AddHostedService<StartupLog>();
        services.AddHostedService<BackgroundFaults>();
        if (!options.DisableDashboard)
        {
            services.AddDashboard(builder.AppHostAssembly);
        }

        services.AddTelemetryEnvironment();
        services.AddRunEngine(builder.AppHostAssembly);
    }
}
