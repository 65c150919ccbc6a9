using Aspire.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MonoRepo.Hosting.App;

/// <summary>Makes the host that carries the engines.</summary>
internal static class HostFactory
{
    internal static HostApplicationBuilder Create(DistributedApplicationOptions options, HostApplicationBuilderSettings settings, AppHostArguments arguments, AppHostLocation location, string? name)
    {
        var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection([new("hostBuilder:reloadConfigOnChange", "false")]); // nobody reads a changed file here
        configuration.AddEnvironmentVariables("ASPIRE_");
        configuration.AddEnvironmentVariables("DOTNET_");
        if (settings.Configuration is { } given)
        {
            configuration.AddConfiguration(given);
        }

        configuration.AddInMemoryCollection(arguments.Configuration);
        settings.Args = [.. arguments.Configuration.Select(c => $"--{c.Key}={c.Value}")];
        settings.Configuration = configuration;
        settings.ContentRootPath ??= location.Directory;
        settings.ApplicationName ??= name;
        var host = new HostApplicationBuilder(settings);
        AddLogging(host, options);
        return host;
    }

    private static void AddLogging(HostApplicationBuilder host, DistributedApplicationOptions options)
    {
        host.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        // A fault that ends the start is printed by the command line, without its stack; see BackgroundFaults for the rest.
        host.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        host.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        host.Logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Error);
        host.Logging.AddFilter("Grpc.AspNetCore.Server.ServerCallHandler", LogLevel.Error);
        host.Logging.AddFilter("Aspire.Hosting.Dashboard", LogLevel.Warning);
        if (!options.DisableDashboard)
        {
            // The dashboard shows the health of resources; here every failed probe would be a line.
            host.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks.DefaultHealthCheckService", LogLevel.None);
        }

        host.Logging.AddConfiguration(host.Configuration.GetSection("Logging"));
        if (Enum.TryParse<LogLevel>(host.Configuration["ASPIRE_LOGLEVEL"], ignoreCase: true, out var level))
        {
            host.Logging.SetMinimumLevel(level);
            host.Services.Configure<LoggerFilterOptions>(filter => filter.Rules.Add(new LoggerFilterRule(null, null, level, null)));
        }
    }
}
