using Grpc.AspNetCore.HealthChecks;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Net.Client.Balancer;
using Grpc.Net.Client.Configuration;
using Grpc.Net.ClientFactory;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using MonoRepo.ServiceDefaults.Access;
using MonoRepo.ServiceDefaults.Calls;
using MonoRepo.ServiceDefaults.EndUsers;
using MonoRepo.ServiceDefaults.Overload;
using MonoRepo.ServiceDefaults.Quotas;
using OpenTelemetry.Metrics;

namespace MonoRepo.ServiceDefaults.Grpc;

/// <summary>gRPC servers and clients, the same for each service.</summary>
public static class GrpcExtensions
{
    /// <summary>The largest message accepted or sent unless a service says otherwise: 1 MiB.</summary>
    public const int DefaultMaxMessageSize = 1024 * 1024;

    /// <summary>
    /// Adds what every gRPC server has: limits, load shedding, error mapping, metrics, <c>grpc.health.v1</c> and reflection;
    /// <paramref name="configure"/> narrows or widens the limits.
    /// </summary>
    public static void AddGrpcServer(this IHostApplicationBuilder builder, Action<GrpcServiceOptions>? configure = null)
    {
        builder.Services.AddGrpc(options =>
        {
            options.MaxReceiveMessageSize = DefaultMaxMessageSize;
            options.MaxSendMessageSize = DefaultMaxMessageSize;
            options.Interceptors.Add<ErrorMapping>();
            configure?.Invoke(options);
        });
        builder.Services.AddSingleton<ErrorMapping>();
        builder.Services.AddGrpcReflection();
        builder.Services.AddGrpcHealthChecks();
        builder.AddOverloadProtection();
    }

    /// <summary>
    /// Registers a client of the service <paramref name="service"/> on one channel over all of its addresses: round robin,
    /// UNAVAILABLE retried (5 attempts, 0.1 s doubling to 2 s), RESOURCE_EXHAUSTED after the time that the server asks for, both
    /// within a budget, and calls wait for a connection until their deadline instead of failing at once. So a call without a
    /// deadline waits for ever: give each one. The call context and the token that proves who calls go with each call, and a call
    /// made while a server answers another has at most that one's deadline.
    /// </summary>
    /// <param name="builder">The host.</param>
    /// <param name="service">The service's name in the resource graph.</param>
    /// <param name="endpoint">The name of the endpoint in the resource graph.</param>
    public static IHttpClientBuilder AddGrpcServiceClient<TClient>(
        this IHostApplicationBuilder builder, string service, string endpoint = "grpc") where TClient : ClientBase
    {
        var addresses = builder.GetAddresses($"{service}:{endpoint}");
        if (addresses.Length == 0)
        {
            throw new ConfigurationException(
                $"No address of '{service}': set services__{service}__{endpoint}__0=http://host:port (in the resource graph: " +
                "WithReference).");
        }

        // A DNS name, as of a headless Service in a cluster, stands for all the addresses behind it, which change.
        var isName = addresses is [{ HostNameType: UriHostNameType.Dns, IsLoopback: false }];
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<ResolverFactory, DnsResolverFactory>(
            _ => new DnsResolverFactory(refreshInterval: TimeSpan.FromSeconds(10))));
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<ResolverFactory, StaticResolverFactory>(
            _ => new StaticResolverFactory(uri => builder.GetAddresses(uri.AbsolutePath.Trim('/').Replace('/', ':'))
                .Select(address => new BalancerAddress(address.Host, address.Port)))));
        builder.Services.TryAddSingleton<GrpcClientMetrics>();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<ServiceTokens>();

        var caller = builder.ServiceName();
        var settings = builder.GetCallContextSettings();
        return builder.Services
            .AddGrpcClient<TClient>((services, options) =>
            {
                var token = services.GetRequiredService<ServiceTokens>().For(service);
                options.Address = new(isName ? $"dns:///{addresses[0].Authority}" : $"static:///{service}/{endpoint}");
                options.CallOptionsActions.Add(
                    context => context.CallOptions = WithDefaults(context.CallOptions, caller, settings, token));
                if (builder.CollectsMetrics())
                {
                    options.InterceptorRegistrations.Add(
                        new(InterceptorScope.Channel, services => services.GetRequiredService<GrpcClientMetrics>()));
                }
            })

            // A call that a server makes while it answers one ends when that one does, and no later than its deadline.
            .EnableCallContextPropagation(propagation => propagation.SuppressContextNotFoundErrors = true)
            .ConfigureChannel((services, channel) =>
            {
                channel.Credentials = addresses[0].Scheme == Uri.UriSchemeHttps
                    ? ChannelCredentials.SecureSsl
                    : ChannelCredentials.Insecure;
                channel.ServiceConfig = RoundRobinWithRetries();
                channel.InitialReconnectBackoff = TimeSpan.FromSeconds(0.25);
                channel.MaxReconnectBackoff = TimeSpan.FromSeconds(2);

                // Its own, without the handlers of HTTP clients: the channel resolves, balances and retries itself, which service
                // discovery would turn off, and a stream outlives their timeouts.
                var handler = new SocketsHttpHandler
                {
                    EnableMultipleHttp2Connections = true,
                    PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,

                    // Notices a server that vanished without closing its connections. Servers on gRPC's C core and in Go end a
                    // connection that is pinged more often than every five minutes.
                    KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
                    KeepAlivePingDelay = TimeSpan.FromMinutes(6),
                    KeepAlivePingTimeout = TimeSpan.FromSeconds(20),
                };
                services.GetService<ServiceCertificates>()?.Call(handler.SslOptions);
                channel.HttpHandler = handler;
            });
    }

    /// <summary>Maps health and reflection, and measures calls, where <see cref="AddGrpcServer"/> was called.</summary>
    internal static void MapGrpcDefaults(this WebApplication app)
    {
        if (app.Services.GetService<ErrorMapping>() is null)
        {
            app.UseServiceAccess();
            app.UseEndUsers();
            app.UseQuotas();
            return;
        }

        app.MapQuotas();

        // The empty name is readiness, as is each service that is served; "liveness" asks what a kubelet's liveness probe wants
        // to know.
        var health = app.Services.GetRequiredService<IOptions<GrpcHealthChecksOptions>>().Value.Services;
        health.Map("", _ => true);
        health.Map("liveness", check => check.Tags.Contains("live"));
        foreach (var method in ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints)
            .Select(endpoint => endpoint.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method).OfType<IMethod>())
        {
            health.Map(method.ServiceName, _ => true);
        }

        app.MapGrpcHealthChecksService().AllowAnonymous();
        app.MapGrpcReflectionService().AllowAnonymous();
        if (app.Services.GetService<MeterProvider>() is not null)
        {
            app.UseMiddleware<GrpcServerMetrics>();
        }

        app.UseServiceAccess();
        app.UseEndUsers();

        // Of callers that are proven, and before load shedding: a call that is refused takes no place.
        app.UseQuotas();
        app.UseMiddleware<ForcedDeadlines>();
        if (app.Services.GetService<AdaptiveConcurrencyLimiter>() is not null)
        {
            app.UseMiddleware<LoadShedding>();
        }

        app.UseMiddleware<MalformedRequests>();
    }

    private static void AddOverloadProtection(this IHostApplicationBuilder builder)
    {
        var options = OverloadOptions.From(builder.Configuration);
        builder.Services.AddSingleton(options);
        if (options.Shedding)
        {
            builder.Services.AddSingleton<AdaptiveConcurrencyLimiter>();
        }

        builder.AddServerLimits();
        builder.Services.PostConfigure<GrpcServiceOptions>(grpc => grpc.CompressionProviders =
        [
            .. grpc.CompressionProviders.Select(
                provider => new BoundedDecompression(provider, grpc.MaxReceiveMessageSize ?? int.MaxValue)),
        ]);
    }

    private static Uri[] GetAddresses(this IHostApplicationBuilder builder, string path) =>
    [
        .. builder.Configuration.GetSection($"services:{path}").GetChildren().Select(address =>
            Uri.TryCreate(address.Value, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
                ? uri
                : throw new ConfigurationException(
                    $"'{address.Value}' in {address.Path.Replace(":", "__")} is not an address such as http://host:port.")),
    ];

    private static CallOptions WithDefaults(CallOptions call, string caller, CallContextSettings settings, ServiceToken token)
    {
        var headers = call.Headers.WithCallContext(settings);
        if (headers.GetValue(Caller.Header) is null && Caller.IsName(caller))
        {
            headers.Add(Caller.Header, caller);
        }

        if (token.Header is { } proof && headers.GetValue("authorization") is null)
        {
            headers.Add("authorization", proof);
        }

        return call.WithHeaders(headers).WithWaitForReady();
    }

    private static ServiceConfig RoundRobinWithRetries() => new()
    {
        LoadBalancingConfigs = { new RoundRobinConfig() },

        // At most a tenth more calls than succeed, beyond a burst of fifty: retries must not keep a server overloaded.
        RetryThrottling = new RetryThrottlingPolicy { MaxTokens = 100, TokenRatio = 0.1 },
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

                    // RESOURCE_EXHAUSTED when the server says: its pushback replaces the backoff, or forbids another attempt.
                    RetryableStatusCodes = { StatusCode.Unavailable, StatusCode.ResourceExhausted },
                },
            },
        },
    };
}
