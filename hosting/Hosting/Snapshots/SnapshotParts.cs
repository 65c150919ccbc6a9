using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A state.</summary>
/// <param name="Text">Text, one of <see cref="KnownResourceStates"/> or another.</param>
/// <param name="Style">One of <see cref="KnownResourceStateStyles"/>; null lets the dashboard choose.</param>
public sealed record ResourceStateSnapshot(string Text, string? Style)
{
    /// <summary>A state without a style.</summary>
    public static implicit operator ResourceStateSnapshot?(string? s) => s is null ? null : new(s, Style: null);
}

/// <summary>A property.</summary>
/// <param name="Name">Name.</param>
/// <param name="Value">Text, number, flag or list.</param>
public sealed record ResourcePropertySnapshot(string Name, object? Value)
{
    /// <summary>Whether the dashboard masks the value.</summary>
    public bool IsSensitive { get; init; }

    internal void Deconstruct(out string name, out object? value, out bool isSensitive) =>
        (name, value, isSensitive) = (Name, Value, IsSensitive);
}

/// <summary>An environment variable.</summary>
/// <param name="Name">Name.</param>
/// <param name="Value">Value.</param>
/// <param name="IsFromSpec">Whether the graph states it; false for inherited ones.</param>
public sealed record EnvironmentVariableSnapshot(string Name, string? Value, bool IsFromSpec);

/// <summary>A link.</summary>
/// <param name="Name">Name of the endpoint, or null.</param>
/// <param name="Url">URL.</param>
/// <param name="IsInternal">Whether it is shown in the details only.</param>
public sealed record UrlSnapshot(string? Name, string Url, bool IsInternal)
{
    /// <summary>Whether the link does not work yet.</summary>
    public bool IsInactive { get; init; }

    /// <summary>How it is shown.</summary>
    public UrlDisplayPropertiesSnapshot DisplayProperties { get; init; } = new();
}

/// <summary>How a link is shown.</summary>
/// <param name="DisplayName">Text; empty means the URL.</param>
/// <param name="SortOrder">Order; the greatest comes first.</param>
public sealed record UrlDisplayPropertiesSnapshot(string DisplayName = "", int SortOrder = 0);

/// <summary>A mount.</summary>
/// <param name="Source">Path of the host or name of the volume.</param>
/// <param name="Target">Path in the container.</param>
/// <param name="MountType">bind or volume.</param>
/// <param name="IsReadOnly">Whether the container may not write.</param>
public sealed record VolumeSnapshot(string? Source, string Target, string MountType, bool IsReadOnly);

/// <summary>A relationship.</summary>
/// <param name="ResourceName">The other resource.</param>
/// <param name="Type">Kind, such as Parent or Reference.</param>
public sealed record RelationshipSnapshot(string ResourceName, string Type);

/// <summary>What a health check said.</summary>
/// <param name="Name">Name of the check.</param>
/// <param name="Status">Verdict; null until the first.</param>
/// <param name="Description">Words.</param>
/// <param name="ExceptionText">Exception, as text.</param>
public sealed record HealthReportSnapshot(string Name, HealthStatus? Status, string? Description, string? ExceptionText)
{
    /// <summary>When the check ran last; UTC.</summary>
    public DateTime? LastRunAt { get; init; }
}
