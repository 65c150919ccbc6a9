using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Instrumentation.StackExchangeRedis;
using StackExchange.Redis;
using StackExchange.Redis.Availability;

namespace MonoRepo.ServiceDefaults.Redis;

/// <summary>
/// Makes <c>builder.AddRedisClient("redis")</c> of Aspire.StackExchange.Redis right for a Redis Cluster: what it registers stays, its
/// options get other defaults.
/// </summary>
internal static class RedisExtensions
{
    private const string AspireSection = "Aspire:StackExchange:Redis";
    private const string AspireHealthCheck = "StackExchange.Redis";

    public static void ConfigureRedisClients(this IHostApplicationBuilder builder)
    {
        foreach (var connection in builder.Configuration.GetSection("ConnectionStrings").GetChildren())
        {
            builder.TakePassword(connection.Key);
        }

        // Tracing would profile each command even where nobody takes traces.
        builder.Configuration[$"{AspireSection}:DisableTracing"] ??= builder.SendsTelemetry() ? "false" : "true";
        builder.Services.ConfigureAll<StackExchangeRedisInstrumentationOptions>(options =>
        {
            // What runs in the background, without a call around it, would bury the traces that people look for.
            options.Filter = command => command.ParentActivity is not null;
            options.FlushInterval = TimeSpan.FromSeconds(1);
        });

        builder.Services.ConfigureAll<ConfigurationOptions>(options =>
        {
            var defaults = new ClusterOptionsProvider();
            options.Defaults = defaults;
            options.Tunnel ??= defaults.Addresses;

            // For WithRetry(): what only reads, and what is known not to have happened.
            options.RetryPolicy ??= new RetryPolicy.Builder
            {
                MaxCommandRetryCategory = CommandFlags.CommandRetryReadOnly,
                MaxAttemptsOnWatchConflict = 1,
                RetryDelay = TimeSpan.FromMilliseconds(200),
                JitterMax = TimeSpan.FromMilliseconds(200),
            };
        });

        // Aspire's check asks each member of the connection string for CLUSTER INFO, which is an admin command, and fails when one is
        // down. Its name stays.
        builder.Services.PostConfigure<HealthCheckServiceOptions>(options =>
        {
            foreach (var check in options.Registrations.Where(check => check.Name.StartsWith(AspireHealthCheck, StringComparison.Ordinal)))
            {
                object? key = check.Name == AspireHealthCheck ? null : check.Name[(AspireHealthCheck.Length + 1)..];
                check.Factory = services => new RedisHealthCheck(services.GetRequiredKeyedService<IConnectionMultiplexer>(key));
            }
        });
    }

    /// <summary>
    /// The password of the connection <c>redis</c> is the variable <c>REDIS_PASSWORD</c>, where there is one: a connection string can't
    /// hold a password with a comma in it. If the string has it too, it is cut out before it is parsed.
    /// </summary>
    private static void TakePassword(this IHostApplicationBuilder builder, string name)
    {
        var variable = $"{name.Replace('-', '_').ToUpperInvariant()}_PASSWORD";
        if (builder.Configuration[variable] is { Length: > 0 } password)
        {
            var key = $"ConnectionStrings:{name}";
            builder.Configuration[key] = builder.Configuration[key]?.Replace($",password={password}", "", StringComparison.OrdinalIgnoreCase);
            builder.Configuration[$"{AspireSection}:{name}:ConfigurationOptions:Password"] = password;
        }
    }
}
