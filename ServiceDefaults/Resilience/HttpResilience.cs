using System.Collections.Concurrent;
using System.Net;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace MonoRepo.ServiceDefaults.Resilience;

/// <summary>
/// One pipeline per called host, outermost first: 30 s in total, three retries (0.5 s doubling, jitter, or what Retry-After
/// says), a circuit breaker (half of at least 20 calls in 30 s failed: 5 s open), 10 s for each attempt.
/// </summary>
public sealed class HttpResilience(TimeProvider clock)
{
    private static readonly HttpMethod[] Repeatable =
        [HttpMethod.Get, HttpMethod.Head, HttpMethod.Options, HttpMethod.Trace, HttpMethod.Put, HttpMethod.Delete];

    private readonly ConcurrentDictionary<string, ResiliencePipeline<HttpResponseMessage>> _pipelines = new();

    /// <summary>Under this key the context of an execution carries the request.</summary>
    internal static readonly ResiliencePropertyKey<HttpRequestMessage> Request = new("request");

    /// <summary>The pipeline of the request's host, made at its first call.</summary>
    public ResiliencePipeline<HttpResponseMessage> For(HttpRequestMessage request) =>
        _pipelines.GetOrAdd(request.RequestUri?.Authority ?? "", _ => Create());

    private ResiliencePipeline<HttpResponseMessage> Create() => new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = clock }
        .AddTimeout(TimeSpan.FromSeconds(30))
        .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
        {
            MaxRetryAttempts = 3,
            Delay = TimeSpan.FromSeconds(0.5),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            ShouldHandle = arguments => ValueTask.FromResult(MayRepeat(arguments.Context) && IsTransient(arguments.Outcome)),
            DelayGenerator = arguments => ValueTask.FromResult(arguments.Outcome.Result?.Headers.RetryAfter?.Delta),
        })
        .AddCircuitBreaker(new CircuitBreakerStrategyOptions<HttpResponseMessage>
        {
            FailureRatio = 0.5,
            MinimumThroughput = 20,
            ShouldHandle = arguments => ValueTask.FromResult(IsTransient(arguments.Outcome)),
        })
        .AddTimeout(TimeSpan.FromSeconds(10))
        .Build();

    // A POST that timed out may have happened: only its sender knows whether it can be sent again.
    private static bool MayRepeat(ResilienceContext context) =>
        context.Properties.TryGetValue(Request, out var request) && Repeatable.Contains(request.Method);

    private static bool IsTransient(Outcome<HttpResponseMessage> outcome) => outcome switch
    {
        { Exception: HttpRequestException or TimeoutRejectedException } => true,
        { Result.StatusCode: HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError } => true,
        _ => false,
    };
}
