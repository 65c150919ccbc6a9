using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.IO.Pipelines;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
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
    RequestDelegate next, AdaptiveConcurrencyLimiter limiter, OverloadOptions options, IOptions<GrpcServiceOptions> grpc,
    IOptions<KestrelServerOptions> kestrel)
{
    // Of a message: whether it is compressed, and its length in four bytes.
    private const int HeaderSize = 5;

    // The pushback of a call that is not to be tried again.
    private const string Never = "-1";

    // In gRPC's own words, at the price of an exception less.
    private static readonly Status s_tooLarge =
        new(StatusCode.ResourceExhausted, "Received message exceeds the maximum configured message size.");

    // Or not at all, as the caller has left: not the server's fault.
    private static readonly Status s_tooSlow = new(StatusCode.Cancelled, "The message came too slowly.");

    private readonly int _maxMessage = grpc.Value.MaxReceiveMessageSize ?? int.MaxValue;
    private readonly MinDataRate? _minRate = kestrel.Value.Limits.MinRequestBodyDataRate;
    private readonly ConcurrentDictionary<IMethod, MethodDuration> _durations = new();

    public Task InvokeAsync(HttpContext context) => ForcedDeadlines.GetOwnMethod(context) is { } method
        ? InvokeAsync(context, method)
        : next(context);

    private async Task InvokeAsync(HttpContext context, IMethod method)
    {
        var isUnary = method.Type == MethodType.Unary;
        if (method.Type is MethodType.Unary or MethodType.ServerStreaming)
        {
            switch (TryReceive(context) ?? await ReceiveAsync(context))
            {
                case Arrival.TooSlow:
                    Refuse(context, s_tooSlow);
                    return;
                case Arrival.TooLarge:
                    context.Features.Get<ConnectionBudget>()?.MalformedMessage();
                    Refuse(context, s_tooLarge);
                    return;
            }
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
            context.Response.Headers[Refusal.Pushback] = Never;
        }
    }

    /// <summary>
    /// Whether the message is there, as most are with their headers; it is left to be read. Null if it isn't there yet.
    /// </summary>
    private Arrival? TryReceive(HttpContext context)
    {
        // Kestrel would end the connection, and all that come too slowly at once: it looks once a second.
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }

        var body = context.Request.BodyReader;
        if (!body.TryRead(out var read))
        {
            return null;
        }

        var arrival = ArrivalOf(read);
        body.AdvanceTo(read.Buffer.Start);
        return arrival;
    }

    /// <summary>
    /// Waits until the message has arrived, which gRPC would do next, and leaves it to be read: one that comes byte by byte holds
    /// no place meanwhile. It has to come as fast as Kestrel demands of all bodies, and before the caller's deadline.
    /// </summary>
    private async Task<Arrival> ReceiveAsync(HttpContext context)
    {
        var (start, body) = (Stopwatch.GetTimestamp(), context.Request.BodyReader);
        var left = TimeSpan.FromMilliseconds(Math.Min(ForcedDeadlines.TimeLeft(context.Request).TotalMilliseconds, int.MaxValue));
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        try
        {
            for (var examined = 0L; ;)
            {
                var time = Longest(examined) - Stopwatch.GetElapsedTime(start);
                end.CancelAfter(time > TimeSpan.Zero ? time : TimeSpan.Zero);
                var read = await body.ReadAsync(end.Token);
                if (ArrivalOf(read) is { } arrival)
                {
                    // What hasn't been examined is read again at once.
                    body.AdvanceTo(read.Buffer.Start, read.Buffer.GetPosition(examined));
                    return arrival;
                }

                examined = read.Buffer.Length;
                body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            return Arrival.TooSlow;
        }

        TimeSpan Longest(long received) => _minRate is null ? left : new(Math.Min(
            left.Ticks,
            Math.Max(_minRate.GracePeriod.Ticks, TimeSpan.FromSeconds(received / _minRate.BytesPerSecond).Ticks)));
    }

    private Arrival? ArrivalOf(ReadResult read) =>
        read.Buffer.Length - HeaderSize > _maxMessage || MessageSize(read.Buffer) > _maxMessage ? Arrival.TooLarge
        : read.IsCompleted ? Arrival.Complete
        : null;

    private static uint MessageSize(ReadOnlySequence<byte> buffer)
    {
        var reader = new SequenceReader<byte>(buffer);
        return reader.TryRead(out _) && reader.TryReadBigEndian(out int size) ? (uint)size : 0;
    }

    private static void Refuse(HttpContext context, Status status)
    {
        context.Response.Headers[Refusal.Pushback] = Never;
        context.SetGrpcStatus(status);
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

    private enum Arrival
    {
        Complete,
        TooSlow,
        TooLarge,
    }
}
