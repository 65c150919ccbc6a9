using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting.Monitoring.Kubernetes;

/// <summary>All objects of monitoring in one environment.</summary>
internal static class MonitoringManifests
{
    public static IEnumerable<IResourceAnnotation> Of(DeploymentFactsContext context, IEnumerable<IResource> resources)
    {
        var all = resources.ToList();
        var graph = MonitoredGraph.Read(all, context.Environment);
        var links = context.Last<MonitoringLinksAnnotation>()?.Links ?? new();
        if (context.Last<PlaybooksAnnotation>() is { Project.Name: var playbooks })
        {
            links = links with
            {
                Runbooks = links.Runbooks
                    ?? PlaybooksAnnotation.Runbooks($"http://{playbooks}:{PlaybooksAnnotation.ServicePort}"),
            };
        }

        return ((IEnumerable<Manifest>)
        [
            .. PrometheusInstance.Of(context),
            .. PodMonitors.Of(graph),
            .. PrometheusRules.Of(graph, links),
            AlertmanagerInstance.Of(context),
            AlertRouting.Of(context, parameter => Secret(parameter, context.Environment, all)),
            .. GrafanaInstance.Of(graph),
            .. MonitoringPolicies.Of(context),
        ]).Select(m => new ManifestObjectAnnotation(Json.Of(m)));
    }

    /// <summary>Where publishing says that pods find a parameter.</summary>
    private static SecretKey Secret(ParameterResource parameter, string? environment, List<IResource> all)
    {
        var key = new EffectiveAnnotations(parameter, environment).Last<SecretKeyAnnotation>();
        var secret = all.SelectMany(r => r.Annotations.OfType<DeploymentEnvironmentAnnotation>()).Select(a => a.Environment)
            .FirstOrDefault(e => string.Equals(e.Name, environment, StringComparison.OrdinalIgnoreCase))?
            .Annotations.OfType<ParameterSecretAnnotation>().LastOrDefault()?.Secret;
        return new(key?.Secret ?? secret ?? ParameterSecretAnnotation.Default, key?.Key ?? parameter.Name);
    }
}
