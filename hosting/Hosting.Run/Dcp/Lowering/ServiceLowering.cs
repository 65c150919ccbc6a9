using MonoRepo.Hosting.Run.Dcp.Wire;

namespace MonoRepo.Hosting.Run.Dcp.Lowering;

/// <summary>Endpoints to services.</summary>
internal static class ServiceLowering
{
    /// <summary>
    /// A service for each endpoint, named after the resource alone when it has one endpoint only, as in Aspire. A proxied
    /// endpoint of a replicated resource has one more for each replica, see docs/adr: callers get every replica's address.
    /// </summary>
    public static IReadOnlyList<ServicePlan> Plan(IReadOnlyList<EndpointPlan> endpoints, Func<string, int> replicasOf)
    {
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var plans = new List<ServicePlan>();
        foreach (var group in endpoints.GroupBy(endpoint => endpoint.Resource))
        {
            foreach (var endpoint in group)
            {
                var name = Unique(taken, group.Count() == 1 ? endpoint.Resource : $"{endpoint.Resource}-{endpoint.Endpoint}");
                plans.Add(new ServicePlan(name, endpoint, null));
                var replicas = replicasOf(endpoint.Resource);
                if (replicas > 1 && endpoint.IsProxied)
                {
                    plans.AddRange(Enumerable.Range(0, replicas)
                        .Select(i => new ServicePlan(Unique(taken, $"{name}-replica{i}"), endpoint with { Port = null }, i)));
                }
            }
        }

        return plans;
    }

    /// <summary>The object for DCP.</summary>
    public static DcpService Lower(ServicePlan plan) => new()
    {
        Metadata = new()
        {
            Name = plan.Name,
            Annotations = new Dictionary<string, string>
            {
                ["resource-name"] = plan.Endpoint.Resource,
                ["endpoint-name"] = plan.Endpoint.Endpoint,
            },
        },
        Spec = new(
            plan.Endpoint.ListenHost,
            plan.Endpoint.Port,
            plan.Endpoint.Protocol,
            plan.Endpoint.IsProxied ? null : DcpServiceSpec.Proxyless),
    };

    private static string Unique(HashSet<string> taken, string name)
    {
        var unique = name;
        for (var i = 1; !taken.Add(unique); i++)
        {
            unique = $"{name}-{i}";
        }

        return unique;
    }
}
