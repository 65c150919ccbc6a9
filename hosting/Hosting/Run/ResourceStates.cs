using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MonoRepo.Hosting;

/// <summary>The last state of each instance of each resource, and what it means.</summary>
internal sealed class ResourceStates
{
    private const string NotStarted = "not started";

    private readonly Dictionary<string, SortedDictionary<string, ResourceEvent>> _instances =
        new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Forgets all: a new watch begins with every state there is, and what the last one said may be outdated.</summary>
    public void Clear() => _instances.Clear();

    public void Add(ResourceEvent change)
    {
        if (!_instances.TryGetValue(change.Resource.Name, out var instances))
        {
            _instances[change.Resource.Name] = instances = new(StringComparer.Ordinal);
        }

        instances[change.ResourceId] = change;
    }

    public IReadOnlyCollection<ResourceEvent> Of(IResource resource) =>
        _instances.TryGetValue(resource.Name, out var instances) ? instances.Values : [];

    /// <summary>The name of an instance as the user knows it: DCP adds a suffix where it isn't needed, too.</summary>
    public static string NameOf(ResourceEvent change) => change.Resource.GetReplicaCount() > 1
        ? change.ResourceId
        : change.Resource.Name;

    public static bool IsEnded(ResourceEvent change) =>
        change.Snapshot.State?.Text is { } state && KnownResourceStates.TerminalStates.Contains(state);

    /// <summary>What a resource waits for, in words.</summary>
    public string DescribeWait(IResource resource) => string.Join("; ",
        from wait in resource.Annotations.OfType<WaitAnnotation>()
        where wait.Resource is not IResourceWithoutLifetime
        from reason in DescribeWait(wait)
        select reason);

    private IEnumerable<string> DescribeWait(WaitAnnotation wait) => Of(wait.Resource).Count == 0
        ? [$"{wait.Resource.Name} ({NotStarted})"]
        : from instances in Of(wait.Resource).GroupBy(i => DescribeWait(wait.WaitType, i))
          where instances.Key is not null
          let name = instances.Count() == wait.Resource.GetReplicaCount()
              ? wait.Resource.Name
              : string.Join(", ", instances.Select(NameOf))
          select $"{name} ({instances.Key})";

    private static string? DescribeWait(WaitType type, ResourceEvent awaited) => type switch
    {
        WaitType.WaitForCompletion when IsEnded(awaited) => null,
        WaitType.WaitForCompletion => $"{StateOf(awaited)}, not completed",
        _ when awaited.Snapshot.State?.Text != KnownResourceStates.Running => StateOf(awaited),
        WaitType.WaitUntilHealthy when awaited.Snapshot.HealthStatus != HealthStatus.Healthy => DescribeHealth(awaited.Snapshot),
        _ => null,
    };

    /// <summary>The health check that keeps a running instance from being healthy, with its own words.</summary>
    public static string DescribeHealth(CustomResourceSnapshot snapshot) =>
        snapshot.HealthReports.FirstOrDefault(r => r.Status != HealthStatus.Healthy) switch
        {
            null => "not ready yet",
            { Status: null } report => $"{report.Name} has not answered yet",
            var report =>
                $"{report.Name} is {report.Status}: {report.Description ?? report.ExceptionText?.Split('\n')[0]}".TrimEnd(
                    ':', ' '),
        };

    private static string StateOf(ResourceEvent instance) =>
        instance.Snapshot.State?.Text is { Length: > 0 } state ? state : NotStarted;
}
