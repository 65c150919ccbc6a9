using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MonoRepo.ServiceDefaults.Lifetime;

/// <summary>Registers the drain.</summary>
internal static class DrainExtensions
{
    public static void AddDrain(this IHostApplicationBuilder builder)
    {
        var development = builder.Environment.IsDevelopment();
        var options = new DrainOptions
        {
            Delay = development ? TimeSpan.Zero : TimeSpan.FromSeconds(5),
            Timeout = TimeSpan.FromSeconds(development ? 2 : 20),
        };
        builder.Configuration.GetSection("Drain").Bind(options);
        builder.Services.AddSingleton(options);
        builder.Services.AddHostedService<Drain>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.Delay + options.Timeout);
    }
}
