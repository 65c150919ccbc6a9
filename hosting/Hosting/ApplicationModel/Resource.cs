namespace Aspire.Hosting.ApplicationModel;

/// <summary>Base of all resources. The name is checked when the resource is added, so that its policy can be overridden.</summary>
/// <param name="name">Name of the resource.</param>
public abstract class Resource(string name) : IResource
{
    /// <inheritdoc />
    public virtual string Name { get; } = ModelName.Required(name);

    /// <inheritdoc />
    public virtual ResourceAnnotationCollection Annotations { get; } = [];

    /// <summary>Type and name, for logs and debuggers.</summary>
    public override string ToString() => $"{GetType().Name} '{Name}'";
}
