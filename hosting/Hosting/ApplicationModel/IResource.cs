namespace Aspire.Hosting.ApplicationModel;

/// <summary>One node of the graph: a project, a container, a parameter, anything that has a name and facts.</summary>
public interface IResource
{
    /// <summary>Name, unique in the graph without regard to case.</summary>
    string Name { get; }

    /// <summary>The facts that are known about the resource, in the order in which they were stated.</summary>
    ResourceAnnotationCollection Annotations { get; }
}
