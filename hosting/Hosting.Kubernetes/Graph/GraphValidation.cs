using System.Text.RegularExpressions;
using Aspire.Hosting.ApplicationModel;
using MonoRepo.Deploy.Model;

namespace MonoRepo.Hosting.Kubernetes.Graph;

/// <summary>Errors that are seen without looking into an environment: names, unknown environments.</summary>
internal static partial class GraphValidation
{
    /// <summary>With <c>-headless</c> and a pod's ordinal it has to stay below the 63 characters of a DNS label.</summary>
    private const int LongestName = 45;
    private const int LongestLabel = 63;

    // A CronJob's, to which the time is added for each run's Job.
    private const int LongestSchedule = 52;

    public static void Check(PublishedModel model, ValidationErrors errors)
    {
        foreach (var environment in model.Environments)
        {
            if (!Label().IsMatch(environment.Target.Namespace))
            {
                errors.Add(environment.Name, "namespace", $"'{environment.Target.Namespace}' is no namespace", "use lower case letters, digits and '-', at most 63", environment.Target.Line);
            }
        }

        var known = model.Environments.Select(e => e.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var list = known.Count == 0 ? "none is declared" : $"declared are {string.Join(", ", known)}";
        foreach (var resource in model.Resources)
        {
            foreach (var scoped in resource.Annotations.OfType<EnvironmentScopedAnnotation>().Where(s => !known.Contains(s.Environment)))
            {
                errors.Add(resource.Name, "environment", $"'{scoped.Environment}' is unknown; {list}", "correct the name or declare it with AddEnvironment", scoped.Line);
            }

            foreach (var only in resource.Annotations.OfType<OnlyInAnnotation>())
            {
                foreach (var name in only.Environments.Where(n => !known.Contains(n)))
                {
                    errors.Add(resource.Name, "environment", $"'{name}' is unknown; {list}", "correct the name or declare it with AddEnvironment", only.Line);
                }
            }
        }

        foreach (var resource in model.Workloads.Concat(model.Manifests).Where(r => r.Name.Length > LongestName))
        {
            errors.Add(resource.Name, "name", $"has {resource.Name.Length} characters", $"use at most {LongestName}, so that names made from it fit into DNS");
        }

        if (model.Application.Length > LongestLabel)
        {
            errors.Add(model.Application, "application", $"has {model.Application.Length} characters", $"give the AppHost's assembly a name of at most {LongestLabel}, which is what a label holds");
        }
    }

    /// <summary>Names that a workload makes, and endpoints that it only names, in one environment.</summary>
    public static void Check(EnvironmentGraph graph, ValidationErrors errors)
    {
        foreach (var workload in graph.Workloads)
        {
            var resource = workload.Resource.Name;
            if (workload.Annotations.MetricsPort is { } metrics && workload.Ports.All(p => !string.Equals(p.Endpoint, metrics.Endpoint, StringComparison.OrdinalIgnoreCase)))
            {
                var known = workload.Ports.Count == 0 ? "it has none" : $"it has {string.Join(", ", workload.Ports.Select(p => $"'{p.Endpoint}'"))}";
                errors.Add(resource, "metrics", $"are read at the endpoint '{metrics.Endpoint}', which the resource does not have; {known}", "name one of its endpoints in WithMetricsEndpoint(…)");
            }

            var referencesStore = workload.Annotations.All<ResourceRelationshipAnnotation>().Any(r => r is { Type: "Reference", Resource: IResourceWithConnectionString });
            foreach (var quota in workload.Annotations.Named<QuotaAnnotation>(q => q.Name))
            {
                foreach (var (problem, fix) in quota.Check(referencesStore))
                {
                    errors.Add(resource, $"quota '{quota.Name}'", problem, fix, quota.Line);
                }
            }

            if (workload.Annotations.Last<EndUsersAnnotation>() is { } users)
            {
                foreach (var (problem, fix) in users.Check())
                {
                    errors.Add(resource, "end users", problem, fix, users.Line);
                }
            }

            foreach (var task in workload.Annotations.Named<ScheduledTaskAnnotation>(t => t.Name).Select(t => WorkloadNames.Task(workload.Name, t.Name)).Where(t => t.Length > LongestSchedule))
            {
                errors.Add(resource, "scheduled task", $"'{task}' has {task.Length} characters", $"use a shorter name of the resource or the task, {LongestSchedule} characters together");
            }

            foreach (var sidecar in workload.Annotations.Named<SidecarAnnotation>(s => s.Name).Where(s => !Label().IsMatch(s.Name) || s.Name == workload.Name))
            {
                errors.Add(resource, "sidecar", $"'{sidecar.Name}' isn't a valid container name beside '{workload.Name}'", "use a different name of lowercase letters, digits and '-', at most 63 characters");
            }
        }
    }

    [GeneratedRegex("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")]
    private static partial Regex Label();
}
