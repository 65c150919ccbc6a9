using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MonoRepo.Hosting;

/// <summary>Repeats a check until it passes, or for ten seconds; one that passed the last time is made once.</summary>
internal sealed class PromptHealthCheck(IHealthCheck check, PromptHealthCheck.Memory memory, TimeProvider clock) : IHealthCheck
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longestInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(10);

    // A proxy in front of a process that doesn't answer keeps the connection for minutes.
    private static readonly TimeSpan s_attempt = TimeSpan.FromSeconds(5);

    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var start = clock.GetTimestamp();
        for (var interval = s_interval; ;
            interval = TimeSpan.FromTicks(Math.Min(interval.Ticks * 6 / 5, s_longestInterval.Ticks)))
        {
            var result = await AttemptAsync(context, cancellationToken);
            if (result.Status == HealthStatus.Healthy || memory.WasHealthy || clock.GetElapsedTime(start) + interval > s_timeout)
            {
                memory.WasHealthy = result.Status == HealthStatus.Healthy;
                return result;
            }

            await Task.Delay(interval, clock, cancellationToken);
        }
    }

    private async Task<HealthCheckResult> AttemptAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        attempt.CancelAfter(s_attempt);
        try
        {
            return await check.CheckHealthAsync(context, attempt.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(context.Registration.FailureStatus, $"No answer for {s_attempt.TotalSeconds:0} s");
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return new(context.Registration.FailureStatus, e.Message, e);
        }
    }

    /// <summary>What the next instance has to know: the health check service makes one for each check.</summary>
    internal sealed class Memory
    {
        public bool WasHealthy { get; set; }
    }
}

/// <summary>Seeing at once that a resource is healthy.</summary>
internal static class PromptHealthChecksExtensions
{
    /// <summary>
    /// Lets health checks of resources wait a while for the resource to become healthy. The intervals between two checks are
    /// Aspire's (1, 2, 3, 4, 5 s until it is, 30 s then), and each start would wait for the end of one.
    /// </summary>
    public static IDistributedApplicationBuilder AddPromptHealthChecks(this IDistributedApplicationBuilder builder)
    {
        if (builder.ExecutionContext.IsRunMode)
        {
            builder.Services.AddOptions<HealthCheckServiceOptions>()
                .PostConfigure<DistributedApplicationModel, TimeProvider>((options, model, clock) =>
            {
                var keys = model.Resources.SelectMany(r => r.Annotations.OfType<HealthCheckAnnotation>()).Select(a => a.Key)
                    .ToHashSet();
                foreach (var registration in options.Registrations.Where(r => keys.Contains(r.Name)))
                {
                    var factory = registration.Factory;
                    var memory = new PromptHealthCheck.Memory();
                    registration.Factory = services => new PromptHealthCheck(factory(services), memory, clock);
                }
            });
        }

        return builder;
    }
}
