using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace MonoRepo.Hosting;

/// <summary>Calling every replica.</summary>
internal static class ReplicaAddressesExtensions
{
    // For callers that don't wait for what they call; those that do find the addresses there.
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Gives callers of a project with N replicas the address of each one (<c>services__server__grpc__0</c> to <c>N-1</c>), among
    /// which service discovery and gRPC's load balancing choose. The proxy in front of them chooses once per connection, and
    /// HTTP/2 has one connection for all calls.
    /// </summary>
    public static IDistributedApplicationBuilder AddReplicaAddresses(this IDistributedApplicationBuilder builder)
    {
        if (builder.ExecutionContext.IsRunMode)
        {
            builder.Eventing.Subscribe<BeforeStartEvent>((start, _) =>
            {
                foreach (var caller in start.Model.Resources.Where(r => r is ProjectResource or ExecutableResource))
                {
                    caller.Annotations.Add(new EnvironmentCallbackAnnotation(AddAddressesAsync));
                }

                return Task.CompletedTask;
            });
        }

        return builder;
    }

    private static async Task AddAddressesAsync(EnvironmentCallbackContext context)
    {
        foreach (var (name, value) in context.EnvironmentVariables.ToList())
        {
            if (value is EndpointReference { Resource: ProjectResource called } endpoint && called.GetReplicaCount() > 1
                && name.StartsWith("services__", StringComparison.Ordinal) && name.EndsWith("__0", StringComparison.Ordinal)
                && await FindAddressesAsync(context, called, endpoint.EndpointName) is { } addresses)
            {
                for (var i = 0; i < addresses.Count; i++)
                {
                    context.EnvironmentVariables[$"{name[..^1]}{i}"] = addresses[i].ToString().TrimEnd('/');
                }
            }
        }
    }

    private static async Task<IReadOnlyList<Uri>?> FindAddressesAsync(
        EnvironmentCallbackContext context, ProjectResource called, string endpoint)
    {
        var notifications = context.ExecutionContext.Services.GetRequiredService<ResourceNotificationService>();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        deadline.CancelAfter(s_timeout);
        var found = new SortedDictionary<string, Uri>(StringComparer.Ordinal);
        try
        {
            await foreach (var change in notifications.WatchAsync(deadline.Token))
            {
                if (change.Resource == called && ReplicaAddress.Find(called, change.Snapshot, endpoint) is { } address)
                {
                    found[change.ResourceId] = address;
                    if (found.Count == called.GetReplicaCount())
                    {
                        return [.. found.Values];
                    }
                }
            }
        }
        catch (OperationCanceledException) when (!context.CancellationToken.IsCancellationRequested)
        {
            // The proxy's address stays.
        }

        return null;
    }
}

/// <summary>Where one replica of a running resource listens.</summary>
internal static class ReplicaAddress
{
    /// <summary>
    /// The address that the replica itself listens on, without the proxy in front of all replicas: for a project the one that it
    /// was given for its endpoint, else the endpoint's.
    /// </summary>
    /// <returns>The address; null: it is not known yet.</returns>
    public static Uri? Find(IResource resource, CustomResourceSnapshot snapshot, string endpoint)
    {
        ArgumentNullException.ThrowIfNull(resource);
        ArgumentNullException.ThrowIfNull(snapshot);
        var variable = $"Kestrel__Endpoints__{endpoint}__Url";
        var own = snapshot.EnvironmentVariables.FirstOrDefault(
            v => v.Name.Equals(variable, StringComparison.OrdinalIgnoreCase))?.Value;
        var address = own ?? (resource.Annotations.OfType<EndpointAnnotation>()
            .FirstOrDefault(e => e.Name.Equals(endpoint, StringComparison.OrdinalIgnoreCase))?.AllocatedEndpoint)?.UriString;
        return Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Port > 0 ? uri : null;
    }
}
