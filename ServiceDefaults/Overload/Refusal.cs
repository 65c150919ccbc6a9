using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace MonoRepo.ServiceDefaults.Overload;

/// <summary>The answer to a call that is refused before gRPC sees it.</summary>
internal static class Refusal
{
    /// <summary>When the caller's library may try again, in milliseconds; -1: never.</summary>
    public const string Pushback = "grpc-retry-pushback-ms";

    /// <summary>RESOURCE_EXHAUSTED, with a message of ASCII, the time after which to try again and other details.</summary>
    public static void Refuse(this HttpContext context, string message, TimeSpan retryAfter, params ReadOnlySpan<IMessage> details)
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
        response.ContentType = "application/grpc";
        response.Headers.GrpcStatus = $"{status.Code}";
        response.Headers.GrpcMessage = status.Message;
        response.Headers["grpc-status-details-bin"] = Convert.ToBase64String(status.ToByteArray()).TrimEnd('=');
        response.Headers[Pushback] = retryAfter.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture);
        context.Features.Get<IHttpActivityFeature>()?.Activity.SetTag("grpc.status_code", $"{status.Code}");
    }
}
