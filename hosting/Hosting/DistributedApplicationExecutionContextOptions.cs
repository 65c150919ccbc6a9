namespace Aspire.Hosting;

/// <summary>Settings of a <see cref="DistributedApplicationExecutionContext"/>.</summary>
public class DistributedApplicationExecutionContextOptions
{
    /// <summary>Settings for this operation.</summary>
    public DistributedApplicationExecutionContextOptions(DistributedApplicationOperation operation)
    {
        Operation = operation;
    }

    /// <summary>Settings for this operation and publisher.</summary>
    public DistributedApplicationExecutionContextOptions(DistributedApplicationOperation operation, string publisherName)
    {
        Operation = operation;
        PublisherName = publisherName;
    }

    /// <summary>Services of the application; set when it is built.</summary>
    public IServiceProvider? ServiceProvider { get; set; }

    /// <summary>What is done with the graph.</summary>
    public DistributedApplicationOperation Operation { get; }

    /// <summary>Name of the publisher, when one is named.</summary>
    public string? PublisherName { get; }
}
