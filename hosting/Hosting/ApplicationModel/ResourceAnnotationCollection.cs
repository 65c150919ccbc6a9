using System.Collections.ObjectModel;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Facts of one resource, in the order in which they were stated. They may be read while a fact is added: a start does both at once.</summary>
public sealed class ResourceAnnotationCollection() : Collection<IResourceAnnotation>(new CopyOnWriteList<IResourceAnnotation>());
