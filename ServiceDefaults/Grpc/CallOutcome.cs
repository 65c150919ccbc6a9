using Grpc.Core;

namespace MonoRepo.ServiceDefaults.Grpc;

/// <summary>How a call ended, as its caller sees it.</summary>
internal static class CallOutcome
{
    // The caller's clock runs from before the request is sent, so that its reset of the stream comes a little before our deadline.
    private static readonly TimeSpan Ahead = TimeSpan.FromMilliseconds(50);

    /// <summary>The status of a call on the server, given what the method threw.</summary>
    public static StatusCode Of(ServerCallContext context, Exception? fault) => context.CancellationToken.IsCancellationRequested
        ? HasDeadlinePassed(context) ? StatusCode.DeadlineExceeded : StatusCode.Cancelled
        : fault switch
        {
            null => context.Status.StatusCode,
            RpcException refusal => refusal.StatusCode,
            _ => StatusCode.Unknown,
        };

    /// <summary>The status of a call on the client, given what awaiting it threw.</summary>
    public static StatusCode Of(Exception? fault) => fault switch
    {
        null => StatusCode.OK,
        RpcException refusal => refusal.StatusCode,
        OperationCanceledException => StatusCode.Cancelled,
        _ => StatusCode.Unknown,
    };

    /// <summary>Whether a cancelled call was cancelled by its deadline.</summary>
    public static bool HasDeadlinePassed(ServerCallContext context) =>
        context.Deadline < DateTime.MaxValue && context.Deadline - Ahead <= DateTime.UtcNow;
}
