using Aspire.Hosting;
using MonoRepo.Hosting.Kubernetes.Deploy.Changes;

namespace MonoRepo.Hosting.Kubernetes.Deploy.Applying;

/// <summary>Why a change set is not applied; all reasons at once, before anything is written.</summary>
internal static class Refusal
{
    private const string Force = "--force-conflicts takes it over";

    /// <exception cref="DistributedApplicationException">There is a reason.</exception>
    public static void ThrowIfAny(ChangeSet changes, DeployRequest request)
    {
        List<string> reasons = [];
        if (request.CreateOnly)
        {
            reasons.AddRange(request.Objects.Select(Kubectl.ObjectKey.Of).Where(k => !changes.Created.Contains(k)).Select(k => $"{k} exists already. `apply` changes it."));
        }

        if (!request.TakeObjects)
        {
            reasons.AddRange(changes.Foreign.Select(f => $"{f} exists and is not ours: neither the inventory nor its labels say so. {Force}."));
        }

        if (!request.TakeFields)
        {
            reasons.AddRange(changes.Conflicts.Where(c => !changes.Foreign.Contains(c.Object)).Select(c => $"{c}. Change it in the graph as well, or undo it there; {Force}."));
        }

        if (reasons.Count > 0)
        {
            throw new DistributedApplicationException(string.Join('\n', reasons));
        }
    }
}
