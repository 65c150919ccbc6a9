using MonoRepo.RouteGuide.Server.Data;
using MonoRepo.RouteGuide.Server.Storage.Redis;
using MonoRepo.ServiceDefaults;

namespace MonoRepo.RouteGuide.Server.Storage;

/// <summary>Picks the stores by the configuration key <c>Store</c>: <c>redis</c> (default) or <c>memory</c>.</summary>
internal static class StoreExtensions
{
    public static void AddRouteGuideStores(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(_ => FeatureData.Load());
        switch (builder.Configuration["Store"] ?? "redis")
        {
            case "redis":
                builder.AddRedisClient("redis");
                builder.Services.AddSingleton<DataVersion>();
                builder.Services.AddSingleton<FeatureWriter>();
                builder.Services.AddSingleton<IFeatureStore, RedisFeatureStore>();
                builder.Services.AddSingleton<INoteStore, RedisNoteStore>();
                builder.Services.AddHostedService<FeatureSeeder>();
                builder.Services.AddHealthChecks().AddCheck<FeatureHealthCheck>("features");
                break;
            case "memory":
                builder.Services.AddSingleton<IFeatureStore>(provider =>
                    new MemoryFeatureStore(provider.GetRequiredService<FeatureData>().Features));
                builder.Services.AddSingleton<INoteStore, MemoryNoteStore>();
                break;
            case var other:
                throw new ConfigurationException($"Store is '{other}'; it can be 'redis' or 'memory'.");
        }
    }
}
