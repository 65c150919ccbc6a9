using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace MonoRepo.ServiceDefaults.Grpc;

/// <summary>The answer to a call that is refused before its method sees it.</summary>
internal static class Refusal
{
    /// <summary>When the caller's library may try again, in milliseconds; -1: never.</summary>
    public const string Pushback = "grpc-retry-pushback-ms";

    /// <summary>Refuses a gRPC call with this status, and another one with 401, 403 or 503.</summary>
    /// <param name="context">The call.</param>
    /// <param name="status">UNAUTHENTICATED, PERMISSION_DENIED or UNAVAILABLE.</param>
    /// <param name="challenge">What HTTP callers without valid credentials are asked for.</param>
    public static Task RefuseAsync(this HttpContext context, Status status, string challenge)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>() is not null)
        {
            context.SetGrpcStatus(status);
            return Task.CompletedTask;
        }

        context.Response.StatusCode = status.StatusCode switch
        {
            StatusCode.Unavailable => StatusCodes.Status503ServiceUnavailable,
            StatusCode.Unauthenticated => StatusCodes.Status401Unauthorized,
            _ => StatusCodes.Status403Forbidden,
        };
        context.Response.Headers.WWWAuthenticate = status.StatusCode == StatusCode.Unauthenticated ? challenge : default;
        return context.Response.WriteAsync(status.Detail);
    }

    /// <summary>Refuses a gRPC call with RESOURCE_EXHAUSTED, the time after which to try again and other details.</summary>
    public static void Refuse(
        this HttpContext context, string message, TimeSpan retryAfter, params ReadOnlySpan<IMessage> details)
    {
        var status = new Google.Rpc.Status
        {
            Code = (int)StatusCode.ResourceExhausted,
            Message = message,
            Details = { Any.Pack(new Google.Rpc.RetryInfo { RetryDelay = Duration.FromTimeSpan(retryAfter) }) },
        };
        foreach (var detail in details)
        {
            status.Details.Add(Any.Pack(detail));
        }

        var response = context.Response;
        response.Headers["grpc-status-details-bin"] = Convert.ToBase64String(status.ToByteArray()).TrimEnd('=');
        response.Headers[Pushback] = retryAfter.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture);
        context.SetGrpcStatus(new(StatusCode.ResourceExhausted, message));
    }

    /// <summary>Writes status and content type of a gRPC call, where the response hasn't started, and tags its span.</summary>
    public static void SetGrpcStatus(this HttpContext context, Status status)
    {
        var code = ((int)status.StatusCode).ToString(CultureInfo.InvariantCulture);
        context.Response.ContentType = "application/grpc";
        context.Response.Headers.GrpcStatus = code;

        // Percent-encoded, as callers' names may be in it.
        context.Response.Headers.GrpcMessage = Uri.EscapeDataString(status.Detail).Replace("%20", " ", StringComparison.Ordinal);
        context.Features.Get<IHttpActivityFeature>()?.Activity.SetTag("grpc.status_code", code);
    }
}
