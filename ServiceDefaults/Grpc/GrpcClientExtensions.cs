using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Grpc.Net.Client.Balancer;
using Grpc.Net.Client.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MonoRepo.ServiceDefaults.Discovery;
using MonoRepo.ServiceDefaults.Telemetry;

namespace MonoRepo.ServiceDefaults.Grpc;

/// <summary>Calls other gRPC services by name.</summary>
public static class GrpcClientExtensions
{
    /// <summary>
    /// Registers a client of the service <paramref name="service"/> on one channel over all of its addresses: round robin,
    /// UNAVAILABLE retried (5 attempts, 0.1 s doubling to 2 s), and calls wait for a connection until their deadline instead
    /// of failing at once. So a call without a deadline waits for ever: give each one.
    /// </summary>
    /// <param name="builder">The host.</param>
    /// <param name="service">The service's name in the resource graph.</param>
    /// <param name="create">Makes the generated client, as in <c>invoker => new Greeter.GreeterClient(invoker)</c>.</param>
    /// <param name="endpoint">The name of the endpoint in the resource graph.</param>
    public static void AddGrpcServiceClient<TClient>(
        this IHostApplicationBuilder builder, string service, Func<CallInvoker, TClient> create, string endpoint = "grpc") where TClient : class
    {
        builder.Services.AddSingleton<ResolverFactory, ServiceResolverFactory>();
        builder.Services.AddKeyedSingleton(service, (provider, _) => CreateChannel(provider, service, endpoint));

        // The first interceptor is the outermost: it counts calls from when the application makes them.
        var defaults = new CallDefaults(builder.ServiceName());
        Interceptor[] interceptors = builder.Configuration.CollectsMetrics() ? [new ClientCallMetrics(), defaults] : [defaults];
        builder.Services.AddSingleton(provider => create(provider.GetRequiredKeyedService<GrpcChannel>(service).Intercept(interceptors)));
    }

    private static GrpcChannel CreateChannel(IServiceProvider provider, string service, string endpoint)
    {
        var secure = provider.GetRequiredService<ServiceEndpoints>().Get(service, endpoint)
            .Any(address => address.Scheme == Uri.UriSchemeHttps);
        return GrpcChannel.ForAddress($"{ServiceResolverFactory.Scheme}:///{service}/{endpoint}", new GrpcChannelOptions
        {
            Credentials = secure ? ChannelCredentials.SecureSsl : ChannelCredentials.Insecure,
            ServiceProvider = provider,
            LoggerFactory = provider.GetRequiredService<ILoggerFactory>(),
            ServiceConfig = Config,
            InitialReconnectBackoff = TimeSpan.FromSeconds(0.25),
            MaxReconnectBackoff = TimeSpan.FromSeconds(2),
            HttpHandler = new SocketsHttpHandler
            {
                EnableMultipleHttp2Connections = true,
                PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,

                // Notices a server that vanished without closing its connections.
                KeepAlivePingDelay = TimeSpan.FromSeconds(30),
                KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
            },
        });
    }

    private static ServiceConfig Config => new()
    {
        LoadBalancingConfigs = { new RoundRobinConfig() },
        MethodConfigs =
        {
            new MethodConfig
            {
                Names = { MethodName.Default },
                RetryPolicy = new RetryPolicy
                {
                    MaxAttempts = 5,
                    InitialBackoff = TimeSpan.FromSeconds(0.1),
                    MaxBackoff = TimeSpan.FromSeconds(2),
                    BackoffMultiplier = 2,
                    RetryableStatusCodes = { StatusCode.Unavailable },
                },
            },
        },
    };
}
