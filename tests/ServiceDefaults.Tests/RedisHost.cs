using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace MonoRepo.Tests;

/// <summary>A service, as far as it is a client of Redis.</summary>
internal static class RedisHost
{
    public static IHost Build(string connectionString, params (string Key, string Value)[] settings)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = "Development" });
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(
            setting => setting.Key, setting => (string?)setting.Value));
        builder.Configuration["ConnectionStrings:redis"] = connectionString;
        builder.AddServiceDefaults();
        builder.AddRedisClient("redis");
        return builder.Build();
    }

    public static async Task<HealthReportEntry> CheckRedisAsync(this IHost host) =>
        (await host.Services.GetRequiredService<HealthCheckService>()
        .CheckHealthAsync(TestContext.Current.CancellationToken)).Entries["StackExchange.Redis"];
}
