using Aspire.Hosting.ApplicationModel;
using MonoRepo.Deploy.Model;

namespace MonoRepo.Hosting.Kubernetes.Graph;

/// <summary>
/// The graph's edges as access: a caller has a token for each service that it calls, and the service knows its callers.
/// ServiceDefaults reads both in the pods.
/// </summary>
internal static class AccessReader
{
    /// <summary>Where the tokens are mounted.</summary>
    public const string Folder = "/var/run/secrets/access";

    /// <summary>The folder of <see cref="Folder"/> for tokens, each in a file named after the service that it is for.</summary>
    public const string Tokens = "tokens";

    /// <summary>The folder of <see cref="Folder"/> with which a service asks the API server for the keys of tokens.</summary>
    public const string Cluster = "cluster";

    /// <summary>Where the Secret of <see cref="MutualTlsAnnotation"/> is mounted.</summary>
    public const string Certificates = "/var/run/secrets/certificates";

    public static IReadOnlyList<Workload> Read(string? environment, IReadOnlyList<Workload> workloads, ValidationErrors errors)
    {
        var callers = workloads.SelectMany(w => w.Edges.Select(e => (e.Target, e.Port, Caller: w)))
            .Where(e => e.Target != e.Caller.Name).ToLookup(e => e.Target);
        var services = workloads.Where(w => w.Resource is ProjectResource)
            .ToDictionary(w => w.Name, w => Ports(w, callers.Contains(w.Name)))
            .Where(s => s.Value.Count > 0).ToDictionary();
        return [.. workloads.Select(workload => Read(workload))];

        Workload Read(Workload workload)
        {
            var settings = new SortedDictionary<string, string>(workload.Settings.ToDictionary(), StringComparer.Ordinal);
            IEnumerable<EnvVar> variables = workload.Variables;
            var isService = services.TryGetValue(workload.Name, out var ports);
            IResource[] allowed =
                isService ? [
                    .. callers[workload.Name].Where(c => ports!.Contains(c.Port)).Select(c => c.Caller.Resource).Distinct(),
                ] : [];
            foreach (var (problem, fix) in workload.Annotations.All<AccessAnnotation>()
                .Where(access => PublishedModel.IsIn(access.Caller, environment) && !PublishedModel.IsExcluded(access.Caller))
                .SelectMany(access => access.Check(allowed)))
            {
                errors.Add(workload.Resource.Name, "access", problem, fix);
            }

            if (isService)
            {
                settings.TryAdd(AccessVariables.Audience, workload.Name);
                settings.TryAdd(AccessVariables.ClusterFolder, $"{Folder}/{Cluster}");
                variables = variables.Append(new(AccessVariables.Namespace, null, new(FieldRef: new("metadata.namespace"))));
                foreach (var (name, value) in AccessVariables.Callers(workload.Annotations, allowed))
                {
                    settings.TryAdd(name, value);
                }

                if (DeploymentEnvironmentResource.IsPersonal(environment))
                {
                    settings.TryAdd(AccessVariables.Caller(AccessVariables.Developer), "*");
                }
            }

            string[] called =
            [
                .. workload.Edges.Where(
                    e => e.Target != workload.Name && services.TryGetValue(e.Target, out var its) && its.Contains(e.Port))
                    .Select(e => e.Target).Distinct().Order(StringComparer.Ordinal),
            ];
            if (called.Length > 0)
            {
                settings.TryAdd(AccessVariables.Tokens, $"{Folder}/{Tokens}");
            }

            return isService || called.Length > 0
                ? workload with { Settings = settings, Variables = [.. variables], ChecksCallers = isService, TokensFor = called }
                : workload;
        }
    }

    // Where operators alone ask, and at external endpoints, nobody is checked.
    private static HashSet<int> Ports(Workload workload, bool isCalled)
    {
        var ports = workload.Ports.Where(p => !p.IsExternal).ToList();
        var metrics = workload.Annotations.MetricsPort?.Endpoint;
        var own = ports.Where(p => !string.Equals(p.Endpoint, metrics, StringComparison.OrdinalIgnoreCase)).ToList();
        return [.. (own.Count > 0 || !isCalled ? own : ports).Select(p => p.Number)];
    }
}
