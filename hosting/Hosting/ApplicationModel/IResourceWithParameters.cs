namespace Aspire.Hosting.ApplicationModel;

/// <summary>A resource with named parameters.</summary>
public interface IResourceWithParameters : IResource
{
    /// <summary>Values by parameter name.</summary>
    IDictionary<string, object?> Parameters { get; }
}
