namespace Aspire.Hosting;

/// <summary>What is done with the graph.</summary>
public enum DistributedApplicationOperation
{
    /// <summary>It is run on this machine.</summary>
    Run,

    /// <summary>It is written out for a deployment.</summary>
    Publish,
}
