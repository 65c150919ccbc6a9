using System.Runtime.CompilerServices;
using Aspire.Hosting.ApplicationModel;
using MonoRepo.Hosting;

namespace Aspire.Hosting;

/// <summary>
/// What a resource declares for monitoring; <c>AddMonitoring</c> makes rules, alerts and dashboards of it. All work inside of
/// <c>In(environment, …)</c>.
/// </summary>
public static class MonitoringResourceExtensions
{
    /// <summary>
    /// What callers may rely on over 30 days. Alerts speak up when the error budget is spent too fast: at once when it would be
    /// gone in days, by ticket when in weeks.
    /// </summary>
    /// <param name="builder">The service.</param>
    /// <param name="availability">Part of the calls that end without a fault of the server, such as 0.999; 0: no such
    /// objective.</param>
    /// <param name="latency">Part of the unary calls that are answered within a time, such as (0.99, 50 ms); the time is one of
    /// <see cref="LatencyObjective.Bounds"/>.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    /// <exception cref="DistributedApplicationException">An objective is no ratio below 1, or the time no bound of the
    /// histogram.</exception>
    public static IResourceBuilder<T> WithServiceLevel<T>(
        this IResourceBuilder<T> builder,
        double availability = 0,
        (double Ratio, TimeSpan Threshold)? latency = null,
        [CallerFilePath] string? file = null,
        [CallerLineNumber] int line = 0)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        var where = new SourceLine(file, line);
        if (availability is < 0 or >= 1 || latency?.Ratio is <= 0 or >= 1)
        {
            throw new DistributedApplicationException(
                $"{where}: WithServiceLevel on '{builder.Resource.Name}': an objective is a part of all calls, above 0 and " +
                "below 1, such as 0.999.");
        }

        if (latency is { } stated && !LatencyObjective.Bounds.Contains(stated.Threshold.TotalSeconds))
        {
            throw new DistributedApplicationException(
                $"{where}: WithServiceLevel on '{builder.Resource.Name}': {stated.Threshold.TotalMilliseconds} ms is not " +
                $"counted; choose one of {string.Join(", ", LatencyObjective.Bounds.Select(b => b * 1000))} ms.");
        }

        return builder.WithAnnotation(
            new ServiceLevelAnnotation(
                availability > 0 ? availability : null, latency is { } l ? new(l.Ratio, l.Threshold) : null, where),
            ResourceAnnotationMutationBehavior.Replace);
    }

    /// <summary>Alerts of the resource. Each needs <c>docs/runbooks/&lt;Name&gt;.md</c>.</summary>
    public static IResourceBuilder<T> WithAlertRules<T>(this IResourceBuilder<T> builder, params AlertRule[] rules)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithAnnotation(new AlertRulesAnnotation(rules));
    }

    /// <summary>A row of panels on the resource's own dashboard, below those that are made for every service.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="row">Title of the row.</param>
    /// <param name="panels">The panels, three side by side.</param>
    public static IResourceBuilder<T> WithGrafanaDashboard<T>(
        this IResourceBuilder<T> builder, string row, params DashboardPanel[] panels)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithAnnotation(new DashboardRowAnnotation(row, panels));
    }
}
