namespace Aspire.Hosting.ApplicationModel;

/// <summary>Lets a resource type replace what WithReference does when it is the source.</summary>
/// <typeparam name="TSelf">The type itself.</typeparam>
public interface IResourceWithCustomWithReference<TSelf> : IResource
    where TSelf : IResource, IResourceWithCustomWithReference<TSelf>
{
    /// <summary>States the reference in the type's own way; null leaves it to the ordinary rules.</summary>
    static abstract IResourceBuilder<TDestination>? TryWithReference<TDestination>(
        IResourceBuilder<TDestination> builder,
        IResourceBuilder<IResource> source,
        string? connectionName = null,
        bool optional = false,
        string? name = null)
        where TDestination : IResourceWithEnvironment;
}
