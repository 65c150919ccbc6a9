using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenTelemetry.Instrumentation.StackExchangeRedis;
using OpenTelemetry.Trace;
using StackExchange.Redis;

namespace MonoRepo.ServiceDefaults.Redis;

/// <summary>
/// Makes <c>builder.AddRedisClient("redis")</c> of Aspire.StackExchange.Redis right for a Redis Cluster: what it registers stays,
/// its options get other defaults.
/// </summary>
internal static class RedisExtensions
{
    private const string AspireSection = "Aspire:StackExchange:Redis";
    private const string AspireHealthCheck = "StackExchange.Redis";

    private static readonly SafeRetryPolicy s_retryPolicy = new();

    public static void ConfigureRedisClients(this IHostApplicationBuilder builder)
    {
        foreach (var connection in builder.Configuration.GetSection("ConnectionStrings").GetChildren())
        {
            builder.TakePassword(connection.Key);
        }

        // Each dial and each look at the cluster would be a page.
        builder.Logging.AddFilter("StackExchange.Redis", LogLevel.Warning);

        // Aspire's copy of OpenTelemetry's instrumentation has no filter: what runs in the background, without a call around it,
        // would bury the traces that people look for.
        var isTraced = builder.SendsTelemetry() && !builder.Configuration.GetValue<bool>($"{AspireSection}:DisableTracing");
        builder.Configuration[$"{AspireSection}:DisableTracing"] = "true";
        if (isTraced)
        {
            builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing
                .AddSource(typeof(StackExchangeRedisInstrumentation).Namespace!)
                .ConfigureRedisInstrumentation(_ => { }));
            builder.Services.ConfigureAll<StackExchangeRedisInstrumentationOptions>(options =>
            {
                options.Filter = command => command.ParentActivity is { Recorded: true };
                options.FlushInterval = TimeSpan.FromSeconds(1);

                // When a command was queued, sent and answered: three events a span, most of what a trace takes.
                options.EnrichActivityWithTimingEvents = false;
            });
        }

        builder.Services.AddTransient<IConfigureOptions<ConfigurationOptions>>(
            services => new ConfigureNamedOptions<ConfigurationOptions>(
                null,
                options =>
                {
                    var defaults = new ClusterOptionsProvider(services.GetService<StackExchangeRedisInstrumentation>());
                    options.Defaults = defaults;
                    options.Tunnel ??= defaults.Addresses;
                    options.RetryPolicy ??= s_retryPolicy;
                }));

        // Aspire's check asks each member of the connection string for CLUSTER INFO, which is an admin command, and fails when
        // one is down. Its name stays.
        builder.Services.PostConfigure<HealthCheckServiceOptions>(options =>
        {
            foreach (var check in options.Registrations.Where(
                check => check.Name.StartsWith(AspireHealthCheck, StringComparison.Ordinal)))
            {
                object? key = check.Name == AspireHealthCheck ? null : check.Name[(AspireHealthCheck.Length + 1)..];
                check.Factory = services => new RedisHealthCheck(
                    services.GetRequiredKeyedService<IConnectionMultiplexer>(key),
                    services.GetRequiredService<IHostApplicationLifetime>());
            }
        });
    }

    /// <summary>Reads the options of all clients that were added, before anything waits for Redis with wrong ones.</summary>
    /// <exception cref="ConfigurationException">A connection string is missing or can't be read.</exception>
    public static void ValidateRedisClients(this WebApplication app)
    {
        var registered = app.Services.GetRequiredService<IServiceProviderIsKeyedService>();
        var options = app.Services.GetRequiredService<IOptionsMonitor<ConfigurationOptions>>();
        try
        {
            if (registered.IsService(typeof(IConnectionMultiplexer)) && options.Get(Options.DefaultName).EndPoints.Count == 0)
            {
                throw new ConfigurationException(
                    "No address of Redis: set ConnectionStrings__redis=host:port (in the resource graph: WithReference).");
            }

            foreach (var connection in app.Configuration.GetSection("ConnectionStrings").GetChildren())
            {
                _ = registered.IsKeyedService(typeof(IConnectionMultiplexer), connection.Key)
                    ? options.Get(connection.Key)
                    : null;
            }
        }
        catch (ArgumentException)
        {
            throw Unreadable();
        }
    }

    /// <summary>
    /// The password of the connection <c>redis</c> is the variable <c>REDIS_PASSWORD</c>, where there is one: a connection string
    /// can't hold a password with a comma in it. If the string has it too, it is cut out before it is parsed.
    /// </summary>
    private static void TakePassword(this IHostApplicationBuilder builder, string name)
    {
        var key = $"ConnectionStrings:{name}";
        var variable = $"{name.Replace('-', '_').ToUpperInvariant()}_PASSWORD";
        if (builder.Configuration[variable] is { Length: > 0 } password)
        {
            builder.Configuration[key] = builder.Configuration[key]?.Replace(
                $",password={password}", "", StringComparison.OrdinalIgnoreCase);
            builder.Configuration[$"{AspireSection}:{name}:ConfigurationOptions:Password"] = password;
        }

        // host:port,password=ab,cd would be a second address.
        var parts = builder.Configuration[key]?.Split(',') ?? [];
        if (parts.SkipWhile(part => !part.StartsWith("password=", StringComparison.OrdinalIgnoreCase))
            .Any(part => !part.Contains('=')))
        {
            throw Unreadable();
        }
    }

    // Without a word of it, as it holds a secret.
    private static ConfigurationException Unreadable() => new(
        "The connection string of Redis can't be read; it is host:port,host:port. A password with a comma in it goes into " +
        "REDIS_PASSWORD.");
}
