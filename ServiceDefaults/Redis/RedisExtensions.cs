using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MonoRepo.ServiceDefaults.Redis;

/// <summary>Connects a service to Redis.</summary>
public static class RedisExtensions
{
    /// <summary>
    /// Adds <see cref="RedisConnection"/> to <c>ConnectionStrings:{name}</c> (<c>host:port,host:port,…[,password=…]</c>) and a
    /// health check of that name. The start does not wait for Redis: until it answers, the service is alive and not ready.
    /// </summary>
    public static void AddRedis(this IHostApplicationBuilder builder, string name)
    {
        builder.Services.AddSingleton(provider => new RedisConnection(
            builder.Configuration.GetConnectionString(name) is { Length: > 0 } connectionString
                ? connectionString
                : throw new InvalidOperationException(
                    $"No address of Redis: set ConnectionStrings__{name}=host:port,host:port (the resource graph does it by WithReference)."),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<RedisConnection>>()));
        builder.Services.AddHostedService(provider => provider.GetRequiredService<RedisConnection>());
        builder.Services.AddHealthChecks().AddCheck<RedisHealthCheck>(name);
    }
}
