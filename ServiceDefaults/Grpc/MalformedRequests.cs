using Google.Protobuf;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using MonoRepo.ServiceDefaults.Overload;

namespace MonoRepo.ServiceDefaults.Grpc;

/// <summary>
/// A request that can't be read is INVALID_ARGUMENT, which is the caller's fault: gRPC for .NET answers UNKNOWN or INTERNAL,
/// before any interceptor runs, and both would count as the server's.
/// </summary>
internal sealed class MalformedRequests(RequestDelegate next)
{
    public static readonly Status Status = new(StatusCode.InvalidArgument, "The request is not a valid message.");

    public async Task InvokeAsync(HttpContext context)
    {
        await next(context);
        if (context.Features.Get<IServerCallContextFeature>()?.ServerCallContext is { } call && IsMalformed(call)
            && !context.Response.HasStarted)
        {
            call.Status = Status;
            context.SetGrpcStatus(Status);
            context.Features.Get<ConnectionBudget>()?.MalformedMessage();
        }
    }

    private static bool IsMalformed(ServerCallContext call) => call.Status switch
    {
        { StatusCode: StatusCode.Unknown, DebugException: InvalidProtocolBufferException } => true,
        { StatusCode: StatusCode.Internal } => !ErrorMapping.HasMethodFailed(call),
        _ => false,
    };
}
