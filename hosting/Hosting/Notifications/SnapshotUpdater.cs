using System.Collections.Immutable;
using MonoRepo.Hosting;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Completes the snapshots that engines publish by what the graph states.</summary>
internal sealed class SnapshotUpdater(IServiceProvider services)
{
    internal static CustomResourceSnapshot First(IResource resource) =>
        resource.Annotations.OfType<ResourceSnapshotAnnotation>().LastOrDefault()?.InitialSnapshot
        ?? new CustomResourceSnapshot
        {
            ResourceType = resource.GetResourceType(),
            Properties = [],
            Relationships = RelationshipsOf(resource),
        };

    internal CustomResourceSnapshot Complete(IResource resource, CustomResourceSnapshot snapshot)
    {
        if (snapshot.State?.Text != KnownResourceStates.Waiting)
        {
            snapshot = snapshot.WithoutProperty(KnownProperties.WaitingFor);
        }

        if (resource.TryGetLastAnnotation<ResourceIconAnnotation>(out var icon))
        {
            snapshot = snapshot with { IconName = snapshot.IconName ?? icon.IconName, IconVariant = snapshot.IconVariant ?? icon.IconVariant };
        }

        snapshot = snapshot with { HealthReports = ReportsOf(resource, snapshot.HealthReports) };
        var commands = CommandsOf(resource, snapshot);
        return commands.IsEmpty ? snapshot : snapshot with { Commands = commands };
    }

    internal static ImmutableArray<RelationshipSnapshot> RelationshipsOf(IResource resource)
    {
        var relationships = ImmutableArray.CreateBuilder<RelationshipSnapshot>();
        foreach (var annotation in resource.Annotations.OfType<ResourceRelationshipAnnotation>())
        {
            var relationship = new RelationshipSnapshot(annotation.Resource.Name, annotation.Type);
            if (!relationships.Contains(relationship))
            {
                relationships.Add(relationship);
            }
        }

        if (resource is IResourceWithParent { Parent: var parent }
            && !relationships.Any(r => r.Type == KnownRelationshipTypes.Parent))
        {
            relationships.Add(new RelationshipSnapshot(parent.Name, KnownRelationshipTypes.Parent));
        }

        return relationships.DrainToImmutable();
    }

    /// <summary>A check that has not run yet has a report without a verdict, so that nobody takes the resource for healthy.</summary>
    private static ImmutableArray<HealthReportSnapshot> ReportsOf(
        IResource resource,
        ImmutableArray<HealthReportSnapshot> reports)
    {
        var missing = resource.GetHealthCheckKeys().Where(key => !reports.Any(r => r.Name == key)).ToArray();
        return missing.Length == 0 ? reports : reports.AddRange(missing.Select(key => new HealthReportSnapshot(key, null, null, null)));
    }

    private ImmutableArray<ResourceCommandSnapshot> CommandsOf(IResource resource, CustomResourceSnapshot snapshot)
    {
        var annotations = resource.Annotations.OfType<ResourceCommandAnnotation>().ToArray();
        if (annotations.Length == 0)
        {
            return [];
        }

        var context = new UpdateCommandStateContext { ResourceSnapshot = snapshot, ServiceProvider = services };
        return
        [
            .. annotations.Select(a => new ResourceCommandSnapshot(
                a.Name,
                a.UpdateState(context),
                a.DisplayName,
                a.DisplayDescription,
                null,
                a.ConfirmationMessage,
                a.IconName,
                a.IconVariant,
                a.IsHighlighted)
            {
                Visibility = a.Visibility,
            }),
        ];
    }
}
