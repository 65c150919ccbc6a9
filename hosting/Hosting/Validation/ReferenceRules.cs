using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>What a resource waits for, refers to or lives in is part of the graph.</summary>
internal static class ReferenceRules
{
    internal static IEnumerable<string> Check(IReadOnlyCollection<IResource> resources)
    {
        var known = new HashSet<IResource>(resources, ReferenceEqualityComparer.Instance);
        foreach (var resource in resources)
        {
            foreach (var (other, verb) in MentionsOf(resource).DistinctBy(m => m.Other, ReferenceEqualityComparer.Instance).Where(m => !known.Contains((IResource)m.Other)))
            {
                yield return $"Resource '{resource.Name}' {verb} '{((IResource)other).Name}', which is not part of the application. Add '{((IResource)other).Name}' by the builder (AddResource), or take the {Noun(verb)} away.";
            }
        }
    }

    private static IEnumerable<(object Other, string Verb)> MentionsOf(IResource resource)
    {
        if (resource is IResourceWithParent { Parent: var parent })
        {
            yield return (parent, "has the parent");
        }

        foreach (var annotation in resource.Annotations)
        {
            switch (annotation)
            {
                case WaitAnnotation wait:
                    yield return (wait.Resource, "waits for");
                    break;
                case EndpointReferenceAnnotation reference:
                    yield return (reference.Resource, "refers to");
                    break;
                // A parameter is a value, and integrations make their passwords without adding them.
                case ResourceRelationshipAnnotation { Type: KnownRelationshipTypes.Reference, Resource: not ParameterResource } relationship:
                    yield return (relationship.Resource, "refers to");
                    break;
                case ResourceRelationshipAnnotation { Type: KnownRelationshipTypes.Parent } relationship:
                    yield return (relationship.Resource, "has the parent");
                    break;
            }
        }
    }

    private static string Noun(string verb) => verb switch { "waits for" => "wait", "refers to" => "reference", _ => "parent" };
}
