using System.Text.RegularExpressions;
using Aspire.Hosting.ApplicationModel;
using MonoRepo.Deploy.Model;

namespace MonoRepo.Hosting.Kubernetes.Graph;

/// <summary>Faults that are seen without looking into an environment: names, unknown environments.</summary>
internal static partial class GraphValidation
{
    /// <summary>With <c>-headless</c> and a pod's ordinal it has to stay below the 63 characters of a DNS label.</summary>
    private const int LongestName = 45;

    public static void Check(PublishedModel model, Faults faults)
    {
        foreach (var environment in model.Environments)
        {
            if (!Label().IsMatch(environment.Target.Namespace))
            {
                faults.Add(environment.Name, "namespace", $"'{environment.Target.Namespace}' is no namespace", "use lower case letters, digits and '-', at most 63", environment.Target.Line);
            }
        }

        var known = model.Environments.Select(e => e.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var list = known.Count == 0 ? "none is declared" : $"declared are {string.Join(", ", known)}";
        foreach (var resource in model.Resources)
        {
            foreach (var scoped in resource.Annotations.OfType<EnvironmentScopedAnnotation>().Where(s => !known.Contains(s.Environment)))
            {
                faults.Add(resource.Name, "environment", $"'{scoped.Environment}' is unknown; {list}", "correct the name or declare it with AddEnvironment", scoped.Line);
            }

            foreach (var only in resource.Annotations.OfType<OnlyInAnnotation>())
            {
                foreach (var name in only.Environments.Where(n => !known.Contains(n)))
                {
                    faults.Add(resource.Name, "environment", $"'{name}' is unknown; {list}", "correct the name or declare it with AddEnvironment", only.Line);
                }
            }
        }

        foreach (var resource in model.Workloads.Where(r => r.Name.Length > LongestName))
        {
            faults.Add(resource.Name, "name", $"has {resource.Name.Length} characters", $"use at most {LongestName}, so that names made from it fit into DNS");
        }
    }

    [GeneratedRegex("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")]
    private static partial Regex Label();
}
