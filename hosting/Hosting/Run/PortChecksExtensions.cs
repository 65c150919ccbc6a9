using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace MonoRepo.Hosting;

/// <summary>Noticing that a port is taken.</summary>
internal static class PortChecksExtensions
{
    private const string RandomizePorts = "DcpPublisher:RandomizePorts";

    /// <summary>
    /// Does not start a resource whose fixed port another process has, and names that process. DCP would start it, and its URL
    /// would lead to the other process.
    /// </summary>
    public static IDistributedApplicationBuilder AddPortChecks(this IDistributedApplicationBuilder builder)
    {
        if (!builder.ExecutionContext.IsRunMode || builder.Configuration.GetValue(RandomizePorts, false))
        {
            return builder;
        }

        // Looked for before DCP listens itself, for the resources.
        var taken = new Dictionary<IResource, int>();
        builder.Eventing.Subscribe<BeforeStartEvent>((start, _) =>
        {
            foreach (var (resource, port, _) in FindTaken(start.Model))
            {
                taken.TryAdd(resource, port);
            }

            return Task.CompletedTask;
        });
        builder.Eventing.Subscribe<BeforeResourceStartedEvent>((starting, _) =>
            taken.TryGetValue(starting.Resource, out var port) && PortHolder.Find(port) is { Program: not "dcp" } holder
                ? throw new DistributedApplicationException(
                    $"Port {port} of '{starting.Resource.Name}' is taken by {holder}. Stop it, change the port in " +
                    $"{PlaceOf(starting.Resource)}, or let the AppHost use free ports: --{RandomizePorts}=true")
                : Task.CompletedTask);
        return builder;
    }

    internal static IEnumerable<(IResource Resource, int Port, PortHolder Holder)> FindTaken(DistributedApplicationModel model) =>
        from resource in model.Resources
        where !IsPersistent(resource)
        from endpoint in resource.Annotations.OfType<EndpointAnnotation>()
        let port = endpoint.IsProxied ? endpoint.Port : endpoint.Port ?? endpoint.TargetPort
        where port > 0
        let holder = PortHolder.Find(port.Value)
        where holder is not null
        select (resource, port.Value, holder);

    // A project's endpoints are those of Kestrel, unless the graph has others.
    private static string PlaceOf(IResource resource) => resource is ProjectResource
        ? "the project's appsettings.json or AppHost/Program.cs"
        : "AppHost/Program.cs";

    // It may run already, since the last time.
    private static bool IsPersistent(IResource resource) =>
        resource.Annotations.OfType<ContainerLifetimeAnnotation>().Any(a => a.Lifetime == ContainerLifetime.Persistent)
        || resource.HasAnnotationOfType<PersistenceAnnotation>();
}
