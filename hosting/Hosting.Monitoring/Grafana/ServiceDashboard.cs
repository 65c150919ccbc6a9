namespace MonoRepo.Hosting.Monitoring.Grafana;

/// <summary>The dashboard of one resource.</summary>
internal static class ServiceDashboard
{
    public static Dashboard Of(MonitoredResource resource)
    {
        var layout = new DashboardLayout();
        if (resource.Metrics is not null)
        {
            layout.Row("Targets", [new("Up", $"up{{job=\"{resource.Name}\"}}")]);
        }

        if (resource.ServiceLevel is not null)
        {
            layout.Numbers("Service level", ServicePanels.ServiceLevel(resource.Name)).Row(
                "Error budget", [ServicePanels.BurnRate(resource.Name)]);
        }

        if (resource.IsServer)
        {
            layout.Row("Calls that it answers", ServicePanels.Calls("server", resource.Name))
                .Row("Callers", ServicePanels.Callers(resource)).Row("Overload", ServicePanels.Overload(resource.Name));
        }

        if (resource.IsClient)
        {
            layout.Row("Calls that it makes", ServicePanels.Calls("client", resource.Name));
        }

        if (resource.IsService)
        {
            layout.Row(".NET runtime", ServicePanels.Runtime(resource.Name));
        }

        foreach (var row in resource.Rows)
        {
            layout.Row(row.Title, row.Panels);
        }

        return new(resource.Name, resource.Name, [Dashboards.Tag], [Dashboards.Link], layout.Panels);
    }
}
