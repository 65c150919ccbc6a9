namespace Aspire.Hosting.ApplicationModel;

/// <summary>A fact about a resource that engines read.</summary>
public interface IResourceAnnotation;
