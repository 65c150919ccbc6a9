namespace Aspire.Hosting.ApplicationModel;

/// <summary>A container.</summary>
/// <param name="name">Name.</param>
/// <param name="entrypoint">Program in the container; null means the image's own.</param>
public class ContainerResource(string name, string? entrypoint = null)
    : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithEndpoints, IResourceWithWaitSupport, IResourceWithProbes, IComputeResource
{
    /// <summary>Program in the container; null means the image's own.</summary>
    public string? Entrypoint { get; set; } = entrypoint;
}
