namespace Aspire.Hosting.ApplicationModel;

/// <summary>A resource that lives and dies with its parent.</summary>
public interface IResourceWithParent : IResource
{
    /// <summary>The parent.</summary>
    IResource Parent { get; }
}

/// <summary>A resource that lives and dies with a parent of a known type.</summary>
/// <typeparam name="T">Type of the parent.</typeparam>
public interface IResourceWithParent<out T> : IResourceWithParent
    where T : IResource
{
    /// <summary>The parent.</summary>
    new T Parent { get; }

    IResource IResourceWithParent.Parent => Parent;
}
