using Aspire.Hosting.ApplicationModel;
using Google.Protobuf.WellKnownTypes;
using MonoRepo.Hosting.Run.Dashboard.Wire;
using ModelHealth = Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus;
using ModelIcon = Aspire.Hosting.ApplicationModel.IconVariant;

namespace MonoRepo.Hosting.Run.Dashboard;

/// <summary>What the dashboard is told about one instance of a resource.</summary>
internal static class ResourceMessage
{
    /// <summary>The message for a snapshot.</summary>
    /// <param name="change">Resource, name of the instance and snapshot.</param>
    /// <param name="createdAt">Shown for what was created together with the graph, such as parameters; UTC.</param>
    public static Wire.Resource From(ResourceEvent change, DateTime createdAt)
    {
        var snapshot = change.Snapshot;
        var message = new Wire.Resource
        {
            Name = change.ResourceId,
            Uid = change.ResourceId,
            DisplayName = change.Resource.Name,
            ResourceType = snapshot.ResourceType,
            State = snapshot.State?.Text ?? "",
            StateStyle = snapshot.State?.Style ?? "",
            CreatedAt = At(snapshot.CreationTimeStamp ?? createdAt),
            StartedAt = At(snapshot.StartTimeStamp),
            StoppedAt = At(snapshot.StopTimeStamp),
            IsHidden = snapshot.IsHidden,
        };
        if (snapshot.IconName is { } icon)
        {
            message.IconName = icon;
            message.IconVariant = Icon(snapshot.IconVariant);
        }

        message.Environment.AddRange(snapshot.EnvironmentVariables.Select(Variable));
        message.Urls.AddRange(snapshot.Urls.Select(Link));
        message.Volumes.AddRange(snapshot.Volumes.Select(Mount));
        message.HealthReports.AddRange(snapshot.HealthReports.Select(Report));
        message.Relationships.AddRange(snapshot.Relationships.Distinct().Select(Relationship));
        message.Properties.AddRange(PropertyMessage.From(change, snapshot.CreationTimeStamp ?? createdAt));
        message.Commands.AddRange(snapshot.Commands.Where(c => c.Visibility.HasFlag(ResourceCommandVisibility.UI)).Select(CommandMessage.From));
        return message;
    }

    /// <summary>The variant of an icon.</summary>
    public static Wire.IconVariant Icon(ModelIcon? variant) =>
        variant is ModelIcon.Filled ? Wire.IconVariant.Filled : Wire.IconVariant.Regular;

    private static Timestamp? At(DateTime? time) =>
        time is { } value ? Timestamp.FromDateTime(value.ToUniversalTime()) : null;

    private static EnvironmentVariable Variable(EnvironmentVariableSnapshot variable) =>
        new() { Name = variable.Name, Value = variable.Value ?? "", IsFromSpec = variable.IsFromSpec };

    private static Url Link(UrlSnapshot url) => new()
    {
        EndpointName = url.Name ?? "",
        FullUrl = url.Url,
        IsInternal = url.IsInternal,
        IsInactive = url.IsInactive,
        DisplayProperties = new() { DisplayName = url.DisplayProperties.DisplayName, SortOrder = url.DisplayProperties.SortOrder },
    };

    private static Volume Mount(VolumeSnapshot volume) =>
        new() { Source = volume.Source ?? "", Target = volume.Target, MountType = volume.MountType, IsReadOnly = volume.IsReadOnly };

    private static ResourceRelationship Relationship(RelationshipSnapshot relationship) =>
        new() { ResourceName = relationship.ResourceName, Type = relationship.Type };

    private static HealthReport Report(HealthReportSnapshot report)
    {
        var message = new HealthReport
        {
            Key = report.Name,
            Description = report.Description ?? "",
            Exception = report.ExceptionText ?? "",
            LastRunAt = At(report.LastRunAt),
        };
        if (report.Status is { } status)
        {
            message.Status = status switch
            {
                ModelHealth.Healthy => HealthStatus.Healthy,
                ModelHealth.Degraded => HealthStatus.Degraded,
                _ => HealthStatus.Unhealthy,
            };
        }

        return message;
    }
}
