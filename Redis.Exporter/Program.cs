using MonoRepo.Redis.Exporter;
using StackExchange.Redis;

// The settings lie beside the program, whatever directory it is started from.
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });

builder.AddServiceDefaults();

// Every connection string is a cluster. The exporter is ready without it: a member that doesn't answer is what it has to show.
foreach (var cluster in builder.Configuration.GetSection("ConnectionStrings").GetChildren().Select(connection => connection.Key))
{
    builder.AddKeyedRedisClient(cluster, settings => settings.DisableHealthChecks = true, options => options.AllowAdmin = true);
    builder.Services.AddSingleton<IHostedService>(services => ActivatorUtilities.CreateInstance<ClusterPoller>(
        services, cluster, () => services.GetRequiredKeyedService<IConnectionMultiplexer>(cluster)));
}

var app = builder.Build();

app.MapDefaultEndpoints();

app.Run();
