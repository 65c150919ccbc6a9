using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>Finds the faults of a graph before anything starts.</summary>
public static class ModelValidator
{
    /// <summary>Checks a graph.</summary>
    /// <exception cref="DistributedApplicationException">The graph has faults; the message lists all of them.</exception>
    public static void ThrowIfFaulty(IReadOnlyCollection<IResource> resources)
    {
        var faults = Validate(resources);
        switch (faults.Count)
        {
            case 0:
                return;
            case 1:
                throw new DistributedApplicationException(faults[0]);
            default:
                throw new DistributedApplicationException(string.Join(Environment.NewLine, [$"The graph has {faults.Count} faults:", .. faults.Select(f => $"- {f}")]));
        }
    }

    /// <summary>The faults, each naming the resource and how to mend it, in the order of the graph.</summary>
    public static IReadOnlyList<string> Validate(IReadOnlyCollection<IResource> resources)
    {
        ArgumentNullException.ThrowIfNull(resources);
        return
        [
            .. NameRules.Check(resources),
            .. ReferenceRules.Check(resources),
            .. WaitRules.Check(resources),
            .. EndpointRules.Check(resources),
        ];
    }
}
