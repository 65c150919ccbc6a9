using System.Collections.Immutable;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using MonoRepo.Hosting;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>What is known about a running resource, or one replica of it, at one moment.</summary>
public sealed record CustomResourceSnapshot
{
    private readonly ResourceStateSnapshot? _state;
    private readonly ImmutableArray<HealthReportSnapshot> _healthReports = [];

    /// <summary>Type, as the dashboard shows it: Project, Executable, Container, Parameter …</summary>
    public required string ResourceType { get; init; }

    /// <summary>Properties, in the order in which they are shown.</summary>
    public required ImmutableArray<ResourcePropertySnapshot> Properties { get; init; }

    /// <summary>When the resource was created; UTC.</summary>
    public DateTime? CreationTimeStamp { get; init; }

    /// <summary>When it started; UTC.</summary>
    public DateTime? StartTimeStamp { get; init; }

    /// <summary>When it stopped; UTC.</summary>
    public DateTime? StopTimeStamp { get; init; }

    /// <summary>State, one of <see cref="KnownResourceStates"/> or a text of its own.</summary>
    public ResourceStateSnapshot? State
    {
        get => _state;
        init
        {
            _state = value;
            HealthStatus = Health.Of(value?.Text, _healthReports);
        }
    }

    /// <summary>Exit code, once the process has ended.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Health: null unless the resource runs, healthy without reports, else the worst report.</summary>
    public HealthStatus? HealthStatus { get; private init; }

    /// <summary>What the health checks said last.</summary>
    public ImmutableArray<HealthReportSnapshot> HealthReports
    {
        get => _healthReports;
        internal init
        {
            _healthReports = value;
            HealthStatus = Health.Of(_state?.Text, value);
        }
    }

    /// <summary>Environment variables of the process.</summary>
    public ImmutableArray<EnvironmentVariableSnapshot> EnvironmentVariables { get; init; } = [];

    /// <summary>Links.</summary>
    public ImmutableArray<UrlSnapshot> Urls { get; init; } = [];

    /// <summary>Mounts.</summary>
    public ImmutableArray<VolumeSnapshot> Volumes { get; init; } = [];

    /// <summary>Commands.</summary>
    public ImmutableArray<ResourceCommandSnapshot> Commands { get; init; } = [];

    /// <summary>Relationships to other resources.</summary>
    public ImmutableArray<RelationshipSnapshot> Relationships { get; init; } = [];

    /// <summary>Whether the dashboard hides the resource.</summary>
    public bool IsHidden { get; init; }

    /// <summary>Icon.</summary>
    public string? IconName { get; init; }

    /// <summary>Variant of the icon.</summary>
    public IconVariant? IconVariant { get; init; }

    /// <summary>Counts the changes of this resource.</summary>
    internal long Version { get; init; }

    /// <summary>The handlers of ResourceReadyEvent, once it was published.</summary>
    internal Task? ReadyHandlers { get; init; }

    internal bool SameContent(CustomResourceSnapshot other) =>
        ReferenceEquals(this, other)
        || (ResourceType == other.ResourceType
            && State == other.State
            && ExitCode == other.ExitCode
            && (CreationTimeStamp, StartTimeStamp, StopTimeStamp) == (other.CreationTimeStamp, other.StartTimeStamp, other.StopTimeStamp)
            && (IsHidden, IconName, IconVariant) == (other.IsHidden, other.IconName, other.IconVariant)
            && ReadyHandlers == other.ReadyHandlers
            && Same(HealthReports, other.HealthReports)
            && Same(Properties, other.Properties)
            && Same(EnvironmentVariables, other.EnvironmentVariables)
            && Same(Urls, other.Urls)
            && Same(Volumes, other.Volumes)
            && Same(Commands, other.Commands)
            && Same(Relationships, other.Relationships));

    private static bool Same<T>(ImmutableArray<T> one, ImmutableArray<T> other) =>
        one == other || one.AsSpan().SequenceEqual(other.AsSpan());
}
