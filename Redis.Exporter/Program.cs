using MonoRepo.Redis.Exporter;

// The settings lie beside the program, whatever directory it is started from.
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });

builder.AddServiceDefaults();
foreach (var cluster in ClusterAddress.ReadAll(builder.Configuration))
{
    builder.Services.AddSingleton<IHostedService>(services => ActivatorUtilities.CreateInstance<ClusterPoller>(services, cluster));
}

var app = builder.Build();

app.MapDefaultEndpoints();

app.Run();
