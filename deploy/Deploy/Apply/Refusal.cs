using MonoRepo.Deploy.Cluster;

namespace MonoRepo.Deploy.Apply;

/// <summary>Why a change set is not applied; all reasons at once, before anything is written.</summary>
internal static class Refusal
{
    private const string Force = "--force-conflicts takes it over";

    /// <summary>What the one who applies may not see, on one line; null: they may see everything.</summary>
    public static string? LeftOut(IReadOnlyList<ObjectKey> objects) => objects.Count == 0
        ? null
        : $"{objects.Count} objects of kinds that you may not see are left out " +
        $"({string.Join(", ", objects.Select(o => o.ResourceKind.ToString()).Distinct())}). "
            + "An administrator gives your group the right with `setup --group`.";

    /// <exception cref="DeployException">There is a reason.</exception>
    public static void ThrowIfAny(ChangeSet changes, DeployRequest request)
    {
        List<string> reasons =
        [
            .. request.Objects.Where(o => !ApiResources.IsNamespaced(ResourceKind.Of(o))).Select(o =>
                $"{ObjectKey.Of(o)} isn't in a namespace, and an environment has only what is in its own. An administrator " +
                "creates it, with `setup` or by hand."),
        ];
        if (request.CreateOnly)
        {
            reasons.AddRange(request.Objects.Select(ObjectKey.Of).Where(k => !changes.Created.Contains(k))
                .Select(k => $"{k} exists already. `apply` changes it."));
        }

        if (!request.TakeObjects)
        {
            reasons.AddRange(changes.Foreign.Select(f => f.Value is null
                ? $"{f.Key} exists and is not ours: neither the inventory nor its labels say so. {Force}."
                : $"{f.Key} belongs to the application '{f.Value}'. If that is the former name of '{request.Application}', " +
                $"{Force}."));
        }

        if (!request.TakeFields)
        {
            reasons.AddRange(changes.Conflicts.Where(c => !changes.Foreign.ContainsKey(c.Object))
                .Select(c => $"{c}. Change it in the graph as well, or undo it there; {Force}."));
        }

        if (reasons.Count > 0)
        {
            throw new DeployException(string.Join('\n', reasons));
        }
    }
}
