namespace Aspire.Hosting;

/// <summary>What is done with the graph, and by what.</summary>
/// <param name="options">Operation, publisher and services.</param>
public class DistributedApplicationExecutionContext(DistributedApplicationExecutionContextOptions options)
{
    /// <summary>A context of this operation.</summary>
    public DistributedApplicationExecutionContext(DistributedApplicationOperation operation)
        : this(new DistributedApplicationExecutionContextOptions(operation))
    {
    }

    /// <summary>A context of this operation and publisher.</summary>
    public DistributedApplicationExecutionContext(DistributedApplicationOperation operation, string publisherName)
        : this(new DistributedApplicationExecutionContextOptions(operation, publisherName))
    {
    }

    /// <summary>What is done with the graph.</summary>
    public DistributedApplicationOperation Operation => options.Operation;

    /// <summary>Name of the publisher; "manifest" unless one is named.</summary>
    public string PublisherName { get; set; } = options.PublisherName ?? "manifest";

    /// <summary>Services of the application.</summary>
    /// <exception cref="InvalidOperationException">The application is not built yet.</exception>
    public IServiceProvider ServiceProvider => options.ServiceProvider
        ?? throw new InvalidOperationException("The services of the application are not available before Build.");

    /// <summary>True while the graph is published. For compatibility: integrations had better state facts.</summary>
    public bool IsPublishMode => Operation == DistributedApplicationOperation.Publish;

    /// <summary>True while the graph is run. For compatibility: integrations had better state facts.</summary>
    public bool IsRunMode => Operation == DistributedApplicationOperation.Run;
}
