using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.StatefulSets;

/// <summary>
/// What the API server does not change in a StatefulSet that exists: everything but replicas, ordinals, template, updateStrategy,
/// revisionHistoryLimit, persistentVolumeClaimRetentionPolicy and minReadySeconds.
/// </summary>
internal static class ImmutableFields
{
    /// <summary>
    /// Fields that differ and that the members' pods do not depend on: the StatefulSet is deleted without its pods and made
    /// again.
    /// </summary>
    public static IEnumerable<string> Recreatable(StatefulSetMembers wanted, StatefulSetMembers live)
    {
        if ((wanted.Spec.Text("podManagementPolicy") ?? "OrderedReady") != (live.Spec.Text("podManagementPolicy")
            ?? "OrderedReady"))
        {
            yield return "podManagementPolicy";
        }

        if (!YamlNode.DeepEquals(Templates(wanted), Templates(live)))
        {
            yield return "volumeClaimTemplates";
        }
    }

    /// <summary>
    /// Fields that differ and that running pods cannot follow: a new StatefulSet would not take them over, or not under their
    /// names.
    /// </summary>
    public static IEnumerable<string> Refused(StatefulSetMembers wanted, StatefulSetMembers live)
    {
        if (!YamlNode.DeepEquals(wanted.Spec.Map("selector"), live.Spec.Map("selector")))
        {
            yield return "selector";
        }

        if ((wanted.Spec.Text("serviceName") ?? "") != (live.Spec.Text("serviceName") ?? ""))
        {
            yield return "serviceName";
        }
    }

    /// <summary>The size of each claim template.</summary>
    public static IReadOnlyDictionary<string, string> Sizes(StatefulSetMembers members) =>
        (members.Spec.List("volumeClaimTemplates") ?? [])
        .Cast<YamlMap>()
        .ToDictionary(
            t => t.Map("metadata")!.Text("name")!, t => t.Map("spec")?.Map("resources")?.Map("requests")?.Text("storage") ?? "0");

    /// <summary>As the API server would store them, without what it adds by itself.</summary>
    private static YamlList Templates(StatefulSetMembers members) =>
        new((members.Spec.List("volumeClaimTemplates") ?? []).Cast<YamlMap>().Select(Normalized));

    private static YamlNode Normalized(YamlMap template)
    {
        var copy = (YamlMap)template.Clone();
        copy["apiVersion"] = null;
        copy["kind"] = null;
        copy["status"] = null;
        copy.Map("metadata")!["creationTimestamp"] = null;
        var spec = copy.Map("spec")!;
        if (spec.Text("volumeMode") == "Filesystem")
        {
            spec["volumeMode"] = null;
        }

        if (spec.Map("resources")?.Map("requests") is { } requests
            && Quantity.TryParse(requests.Text("storage") ?? "", out var amount))
        {
            // 1Gi and 1024Mi are the same; the server writes the former.
            requests["storage"] = new YamlScalar(amount.ToString("0.###", System.Globalization.CultureInfo.InvariantCulture));
        }

        return copy;
    }
}
