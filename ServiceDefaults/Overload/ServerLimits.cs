using System.Reflection;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace MonoRepo.ServiceDefaults.Overload;

/// <summary>
/// Bounds what one caller can take of a server. Section <c>Kestrel:Limits</c> of the configuration, by the names that
/// <see cref="KestrelServerLimits"/> has, overrides them. What isn't here has a good default already: 100 streams a connection,
/// an end to connections that reset them, 240 bytes per second of a body, 130 s for idle connections.
/// </summary>
internal static class ServerLimits
{
    // The first to configure Kestrel: what a service sets itself comes later, and the endpoints that it adds have our defaults.
    public static void AddServerLimits(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ConnectionLimits>();
        builder.Services.AddSingleton<IStartupFilter, BegunStreams>();
        builder.Services.Insert(
            0, ServiceDescriptor.Singleton<IConfigureOptions<KestrelServerOptions>>(services =>
                new ConfigureOptions<KestrelServerOptions>(kestrel =>
                {
                    // Each connection uses memory and a file descriptor, and by default Kestrel has no limit.
                    kestrel.Limits.MaxConcurrentConnections = 2000;

                    // What a connection may send before somebody reads it: 2000 times this is what all of them can make us keep.
                    kestrel.Limits.Http2.InitialConnectionWindowSize = 256 * 1024;
                    kestrel.Limits.Http2.InitialStreamWindowSize = 128 * 1024;

                    // A request's headers come in one packet. gRPC's C core takes 8 KiB of them, Kestrel 32; tokens and
                    // baggage fit into 16.
                    kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
                    kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;

                    // A caller that vanished without closing its connection doesn't answer; else its streams would stay open.
                    kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(60);
                    kestrel.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(20);

                    Override(kestrel.Limits, builder.Configuration.GetSection("Kestrel:Limits"));
                    var limits = services.GetRequiredService<ConnectionLimits>();
                    kestrel.ConfigureEndpointDefaults(endpoint => endpoint
                        .Use(next => connection => limits.AdmitAsync(
                            connection, kestrel.Limits.Http2.MaxStreamsPerConnection, next))
                        .Use(next => connection => ConnectionLimits.CountFramesAsync(connection, next)));
                })));

        // Those of the configuration that have TLS: their frames are plain inside it.
        builder.Services.PostConfigure<KestrelServerOptions>(kestrel =>
        {
            foreach (var section in builder.Configuration.GetSection("Kestrel:Endpoints").GetChildren())
            {
                kestrel.ConfigurationLoader?.Endpoint(section.Key, endpoint =>
                {
                    if (endpoint.IsHttps && !endpoint.ConfigSection.GetSection("Sni").Exists())
                    {
                        endpoint.ListenOptions.UseHttps(endpoint.HttpsOptions)
                            .Use(next => connection => ConnectionLimits.CountFramesAsync(connection, next));
                    }
                });
            }
        });
    }

    private static void Override(KestrelServerLimits limits, IConfigurationSection section)
    {
        try
        {
            section.Bind(limits);
        }
        catch (Exception exception) when (exception is ArgumentException or TargetInvocationException)
        {
            throw new ConfigurationException($"{section.Path}: {(exception.InnerException ?? exception).Message}");
        }
    }
}
