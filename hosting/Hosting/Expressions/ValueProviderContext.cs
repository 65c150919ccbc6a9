namespace Aspire.Hosting.ApplicationModel;

/// <summary>For whom a value is resolved.</summary>
public class ValueProviderContext
{
    /// <summary>What is done with the graph.</summary>
    public DistributedApplicationExecutionContext? ExecutionContext { get; init; }

    /// <summary>The resource that gets the value.</summary>
    public IResource? Caller { get; init; }

    /// <summary>The network that the value is read in; null means the caller's.</summary>
    public NetworkIdentifier? Network { get; init; }

    internal NetworkIdentifier ResolveNetwork() =>
        Network
        ?? (Caller?.IsContainer() == true ? KnownNetworkIdentifiers.DefaultAspireContainerNetwork : KnownNetworkIdentifiers.LocalhostNetwork);
}
