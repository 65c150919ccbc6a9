using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>Names are legal and stand for one resource each.</summary>
internal static class NameRules
{
    internal static IEnumerable<string> Check(IReadOnlyCollection<IResource> resources)
    {
        foreach (var resource in resources)
        {
            if (ResourceNames.FindFault(resource) is { } fault)
            {
                yield return fault;
            }
        }

        foreach (var group in resources.GroupBy(r => r.Name, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1))
        {
            yield return $"Multiple resources with the name '{group.Key}'. Resource names are case-insensitive. Rename all but one.";
        }
    }
}
