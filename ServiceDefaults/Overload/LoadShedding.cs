using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using MonoRepo.ServiceDefaults.Calls;
using MonoRepo.ServiceDefaults.Grpc;

namespace MonoRepo.ServiceDefaults.Overload;

/// <summary>
/// Takes as many calls as the server can answer well and refuses the rest: RESOURCE_EXHAUSTED, with the time after which to try
/// again. A middleware and no interceptor, so that a refused call costs neither parsing its message nor an exception. Health and
/// reflection pass.
/// </summary>
internal sealed class LoadShedding(
    RequestDelegate next, AdaptiveConcurrencyLimiter limiter, OverloadOptions options, IOptions<GrpcServiceOptions> grpc)
{
    // Of a message: whether it is compressed, and its length in four bytes.
    private const int HeaderSize = 5;

    private readonly int _maxMessage = grpc.Value.MaxReceiveMessageSize ?? int.MaxValue;
    private readonly ConcurrentDictionary<IMethod, MethodDuration> _durations = new();

    public Task InvokeAsync(HttpContext context) => ForcedDeadlines.GetOwnMethod(context) is { } method
        ? InvokeAsync(context, method)
        : next(context);

    private async Task InvokeAsync(HttpContext context, IMethod method)
    {
        var isUnary = method.Type == MethodType.Unary;
        if (method.Type is MethodType.Unary or MethodType.ServerStreaming && !HasArrived(context) && !await ReceiveAsync(context))
        {
            context.Abort();
            return;
        }

        var call = new IncomingCall(
            CallContext.Current.Criticality, ForcedDeadlines.TimeLeft(context.Request),
            isUnary ? _durations.GetOrAdd(method, _ => new()) : null);
        using var lease = await limiter.AdmitAsync(call, context.RequestAborted);
        if (!lease.IsAcquired)
        {
            Refuse(context, lease);
            return;
        }

        // How long a stream is open is its caller's affair: it is no sample, and holds a place only while it may still be at
        // work.
        await using var hold = isUnary
            ? null
            : new Timer(_ => lease.Release(isSample: false), null, options.StreamTime, Timeout.InfiniteTimeSpan);
        await next(context);
        var status = context.Features.Get<IServerCallContextFeature>()?.ServerCallContext?.Status.StatusCode;

        // An error may come sooner than an answer, or much later: only answers are compared.
        lease.Release(isSample: status == StatusCode.OK && !context.RequestAborted.IsCancellationRequested);
        if (status == StatusCode.ResourceExhausted && !context.Response.HasStarted)
        {
            // The service's own limit: trying again doesn't help.
            context.Response.Headers[Refusal.Pushback] = "-1";
        }
    }

    /// <summary>Whether the request is there, as most are with their headers; it is left to be read.</summary>
    private bool HasArrived(HttpContext context)
    {
        var body = context.Request.BodyReader;
        if (!body.TryRead(out var read))
        {
            return false;
        }

        var isEnough = IsEnough(context, read);
        body.AdvanceTo(read.Buffer.Start);
        return isEnough;
    }

    /// <summary>
    /// Waits until the request has arrived, which gRPC would do next, and leaves it to be read: one that comes byte by byte holds
    /// no place meanwhile. Goes on at once where it is larger than gRPC will take.
    /// </summary>
    private async Task<bool> ReceiveAsync(HttpContext context)
    {
        var body = context.Request.BodyReader;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        end.CancelAfter(
            TimeSpan.FromMilliseconds(Math.Min(ForcedDeadlines.TimeLeft(context.Request).TotalMilliseconds, int.MaxValue)));
        try
        {
            for (var examined = 0L; ;)
            {
                var read = await body.ReadAsync(end.Token);
                if (IsEnough(context, read))
                {
                    // What hasn't been examined is read again at once.
                    body.AdvanceTo(read.Buffer.Start, read.Buffer.GetPosition(examined));
                    return true;
                }

                examined = read.Buffer.Length;
                body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>
    /// Whether there is nothing to wait for: the request is there, or larger than gRPC will take, for which its connection has a
    /// budget.
    /// </summary>
    private bool IsEnough(HttpContext context, ReadResult read)
    {
        if (read.Buffer.Length - HeaderSize <= _maxMessage && MessageSize(read.Buffer) <= _maxMessage)
        {
            return read.IsCompleted;
        }

        context.Features.Get<ConnectionBudget>()?.MalformedMessage();
        return true;
    }

    private static uint MessageSize(ReadOnlySequence<byte> buffer)
    {
        var reader = new SequenceReader<byte>(buffer);
        return reader.TryRead(out _) && reader.TryReadBigEndian(out int size) ? (uint)size : 0;
    }

    private static void Refuse(HttpContext context, CallLease lease)
    {
        if (lease.Reason == ShedReason.Cancelled)
        {
            context.Abort();
            return;
        }

        context.Refuse(
            lease.Reason == ShedReason.Deadline
                ? "The server is overloaded: the deadline can't be met."
                : "The server is overloaded.", lease.RetryAfter);
    }
}
