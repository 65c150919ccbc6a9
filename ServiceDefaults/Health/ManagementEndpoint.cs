using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace MonoRepo.ServiceDefaults.Health;

/// <summary>Keeps what operators ask (health, metrics) off the port that callers reach.</summary>
public static class ManagementEndpoint
{
    /// <summary>
    /// Answers on HTTP/1.x only. A service's gRPC endpoint speaks HTTP/2 alone and its management endpoint HTTP/1.1 alone
    /// (docs/adr/0005), so that a caller who may reach the first sees nothing of the second, whatever the ports are.
    /// </summary>
    public static TBuilder OnManagementEndpoint<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(endpoint =>
        {
            var next = endpoint.RequestDelegate!;
            endpoint.RequestDelegate = context =>
            {
                if (!HttpProtocol.IsHttp2(context.Request.Protocol))
                {
                    return next(context);
                }

                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            };
        });
        return builder;
    }
}
