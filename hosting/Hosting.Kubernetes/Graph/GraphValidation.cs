using System.Text.RegularExpressions;
using Aspire.Hosting.ApplicationModel;
using MonoRepo.Deploy.Model;
using MonoRepo.Hosting.Kubernetes.Overlays;

namespace MonoRepo.Hosting.Kubernetes.Graph;

/// <summary>Errors of the model as a whole, and of one environment.</summary>
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
                errors.Add(environment.Name, "namespace", $"'{environment.Target.Namespace}' is no namespace",
                    "use lower case letters, digits and '-', at most 63", environment.Target.Line);
            }

            CheckSummary(model, EnvironmentFacts.Of(environment), errors);
        }

        var known = model.Environments.Select(e => e.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var list = known.Count == 0 ? "none is declared" : $"declared are {string.Join(", ", known)}";
        foreach (var resource in model.Resources)
        {
            foreach (var scoped in resource.Annotations.OfType<EnvironmentScopedAnnotation>()
                .Where(s => !known.Contains(s.Environment)))
            {
                errors.Add(resource.Name, "environment", $"'{scoped.Environment}' is unknown; {list}",
                    "correct the name or declare it with AddEnvironment", scoped.Line);
            }

            foreach (var only in resource.Annotations.OfType<OnlyInAnnotation>())
            {
                foreach (var name in only.Environments.Where(n => !known.Contains(n)))
                {
                    errors.Add(resource.Name, "environment", $"'{name}' is unknown; {list}",
                        "correct the name or declare it with AddEnvironment", only.Line);
                }
            }
        }

        foreach (var resource in model.Workloads.Concat(model.Manifests).Where(r => r.Name.Length > LongestName))
        {
            errors.Add(resource.Name, "name", $"has {resource.Name.Length} characters",
                $"use at most {LongestName}, so that names made from it fit into DNS");
        }

        if (model.Application.Length > LongestLabel)
        {
            errors.Add(model.Application, "application", $"has {model.Application.Length} characters",
                $"give the AppHost's assembly a name of at most {LongestLabel}, which is what a label holds");
        }
    }

    /// <summary>Names that a workload makes, and endpoints that it only names, in one environment.</summary>
    public static void Check(EnvironmentGraph graph, ValidationErrors errors)
    {
        CheckCertificates(graph.Workloads, errors);
        foreach (var taken in graph.Workloads.Where(w => DeployerFile.Names(graph.Environment).Contains(w.Name)))
        {
            errors.Add(taken.Resource.Name, "name", "is that of a CronJob that WithDeployer(…) or WithSummary(…) adds",
                "give the resource another name");
        }

        foreach (var workload in graph.Workloads)
        {
            var resource = workload.Resource.Name;
            if (workload.Annotations.MetricsPort is { } metrics
                && workload.Ports.All(p => !string.Equals(p.Endpoint, metrics.Endpoint, StringComparison.OrdinalIgnoreCase)))
            {
                var known = workload.Ports.Count == 0
                    ? "it has none"
                    : $"it has {string.Join(", ", workload.Ports.Select(p => $"'{p.Endpoint}'"))}";
                errors.Add(resource, "metrics",
                    $"are read at the endpoint '{metrics.Endpoint}', which the resource does not have; {known}",
                    "name one of its endpoints in WithMetricsEndpoint(…)");
            }

            var referencesStore = workload.Annotations.All<ResourceRelationshipAnnotation>()
                .Any(r => r is { Type: "Reference", Resource: IResourceWithConnectionString });
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

            var schedules = workload.Annotations.Named<ScheduledTaskAnnotation>(t => t.Name).Select(t => t.Schedule);
            foreach (var schedule in workload.Annotations.Last<ScheduleAnnotation>() is { } own
                ? schedules.Append(own.Schedule)
                : schedules)
            {
                if (schedule.FindError() is var (problem, fix))
                {
                    errors.Add(resource, "schedule", problem, fix);
                }
            }

            foreach (var task in workload.Annotations.Named<ScheduledTaskAnnotation>(t => t.Name)
                .Select(t => WorkloadNames.Task(workload.Name, t.Name)).Where(t => t.Length > LongestSchedule))
            {
                errors.Add(resource, "scheduled task", $"'{task}' has {task.Length} characters",
                    $"use a shorter name of the resource or the task, {LongestSchedule} characters together");
            }

            foreach (var sidecar in workload.Annotations.Named<SidecarAnnotation>(s => s.Name)
                .Where(s => !Label().IsMatch(s.Name) || s.Name == workload.Name))
            {
                errors.Add(resource, "sidecar", $"'{sidecar.Name}' isn't a valid container name beside '{workload.Name}'",
                    "use a different name of lowercase letters, digits and '-', at most 63 characters");
            }
        }
    }

    private static void CheckSummary(PublishedModel model, EnvironmentFacts environment, ValidationErrors errors)
    {
        if (environment is not { Name: { } name, Summary: { } summary })
        {
            return;
        }

        const string Field = "summary";
        if (environment.Deployer is null)
        {
            errors.Add(
                name, Field, "there is no deployer, in whose image it is written", "add WithDeployer(…) to the environment");
        }

        if (model.Find<ReportReceiverAnnotation>(name) is null)
        {
            errors.Add(name, Field, "there is no notifier, which tells people", "add WithNotifier<…>(…) to AddMonitoring()");
        }

        if (summary.Schedule.FindError() is var (problem, fix))
        {
            errors.Add(name, Field, problem, fix);
        }
    }

    /// <summary>Calls that would fail, and those that would go without TLS although the called has a certificate.</summary>
    private static void CheckCertificates(IReadOnlyList<Workload> workloads, ValidationErrors errors)
    {
        const string Field = "mutual TLS";
        const string Management = "add an endpoint 'management' for probes and metrics, which stays without TLS";
        foreach (var workload in workloads)
        {
            if (workload.Annotations.Last<MutualTlsAnnotation>() is not { } certificates)
            {
                continue;
            }

            var resource = workload.Resource.Name;
            if (!certificates.IsNamed)
            {
                var problem = $"'{certificates.Secret}' isn't a valid name of a Secret";
                errors.Add(resource, Field, problem, "use lowercase letters, digits, '-' and '.'", certificates.Line);
            }

            var serves = workload.Ports.Any(p => p.RequiresCertificate);
            var isProbed = workload is { Startup: not null, Readiness: not null, Liveness: not null };
            if (serves && workload.IsServing && !isProbed)
            {
                errors.Add(resource, Field, "no endpoint is left for probes, as a kubelet has no certificate", Management,
                    certificates.Line);
            }

            var calls =
                from caller in workloads
                where caller != workload
                from edge in caller.Edges
                where edge.Target == workload.Name
                select (Caller: caller, Port: workload.Ports.First(p => p.Number == edge.Port));
            foreach (var (caller, port) in calls.Where(c => !c.Port.IsExternal))
            {
                if (!serves)
                {
                    var problem =
                        $"'{caller.Resource.Name}' calls '{port.Endpoint}', where metrics are read and which so has no TLS";
                    errors.Add(resource, Field, problem, Management, certificates.Line);
                }
                else if (port.RequiresCertificate && !caller.Annotations.Has<MutualTlsAnnotation>())
                {
                    var problem = $"'{resource}' asks its callers for a certificate at '{port.Endpoint}'";
                    var fix = caller.Resource is ProjectResource
                        ? "add WithMutualTls(…) to the caller, too" : "only projects can have one: call an external endpoint";
                    errors.Add(caller.Resource.Name, Field, problem, fix, certificates.Line);
                }
            }
        }
    }

    /// <summary>A DNS label, such as the name of a namespace or a container.</summary>
    [GeneratedRegex("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")]
    public static partial Regex Label();
}
