using Grpc.AspNetCore.Server;
using Grpc.Health.V1;
using Grpc.Reflection.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MonoRepo.ServiceDefaults.Telemetry;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace MonoRepo.ServiceDefaults.Grpc;

/// <summary>Hosts gRPC services: limits, metrics, error mapping, health and reflection, the same for each.</summary>
public static class GrpcServerExtensions
{
    /// <summary>The largest message taken or sent unless a service says otherwise: 1 MiB.</summary>
    public const int DefaultMaxMessageSize = 1024 * 1024;

    /// <summary>Adds what every gRPC server has; <paramref name="configure"/> narrows or widens its limits.</summary>
    public static void AddGrpcServer(this IHostApplicationBuilder builder, Action<GrpcServiceOptions>? configure = null)
    {
        builder.Services.AddSingleton<GrpcServices>();
        builder.Services.AddSingleton<DescriptorIndex>();
        builder.Services.AddSingleton<ErrorMapping>();
        builder.Services.AddSingleton<ServerCallMetrics>();
        builder.Services.AddGrpc(options =>
        {
            options.MaxReceiveMessageSize = DefaultMaxMessageSize;
            options.MaxSendMessageSize = DefaultMaxMessageSize;

            // The first interceptor is the outermost.
            if (builder.Configuration.CollectsMetrics())
            {
                options.Interceptors.Add<ServerCallMetrics>();
            }

            options.Interceptors.Add<ErrorMapping>();
            configure?.Invoke(options);
        });
    }

    /// <summary>
    /// Serves <typeparamref name="TService"/>; its descriptor makes it known to health and reflection. Its calls are not measured as HTTP
    /// requests: all would be POST and 200, at the price of a second histogram in every call.
    /// </summary>
    public static GrpcServiceEndpointConventionBuilder MapGrpcService<TService>(
        this IEndpointRouteBuilder endpoints, ServiceDescriptor descriptor) where TService : class
    {
        endpoints.ServiceProvider.GetRequiredService<GrpcServices>().Add(descriptor);
        return endpoints.MapGrpcService<TService>().DisableHttpMetrics();
    }

    internal static void MapGrpcDefaults(this IEndpointRouteBuilder endpoints)
    {
        if (endpoints.ServiceProvider.GetService<GrpcServices>() is not null)
        {
            endpoints.MapGrpcService<HealthService>(global::Grpc.Health.V1.Health.Descriptor);
            endpoints.MapGrpcService<ReflectionService>(ServerReflection.Descriptor);
        }
    }
}
