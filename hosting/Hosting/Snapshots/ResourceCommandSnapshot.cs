namespace Aspire.Hosting.ApplicationModel;

/// <summary>A command, as the dashboard shows it.</summary>
/// <param name="Name">Name, unique in the resource.</param>
/// <param name="State">Whether it can be used now.</param>
/// <param name="DisplayName">Name that people see.</param>
/// <param name="DisplayDescription">What it does.</param>
/// <param name="Parameter">For compatibility.</param>
/// <param name="ConfirmationMessage">Question that is asked first.</param>
/// <param name="IconName">Icon.</param>
/// <param name="IconVariant">Variant of the icon.</param>
/// <param name="IsHighlighted">Whether it is shown without opening a menu.</param>
public sealed record ResourceCommandSnapshot(
    string Name,
    ResourceCommandState State,
    string DisplayName,
    string? DisplayDescription,
    object? Parameter,
    string? ConfirmationMessage,
    string? IconName,
    IconVariant? IconVariant,
    bool IsHighlighted)
{
    /// <summary>Who is offered the command.</summary>
    public ResourceCommandVisibility Visibility { get; init; } = ResourceCommandVisibility.UI | ResourceCommandVisibility.Api;
}

/// <summary>Whether a command can be used now.</summary>
public enum ResourceCommandState
{
    /// <summary>It can.</summary>
    Enabled,

    /// <summary>It is shown, but cannot.</summary>
    Disabled,

    /// <summary>It is not shown.</summary>
    Hidden,
}

/// <summary>Who is offered a command.</summary>
[Flags]
public enum ResourceCommandVisibility
{
    /// <summary>Nobody.</summary>
    None = 0,

    /// <summary>People, in the dashboard.</summary>
    UI = 1,

    /// <summary>Programs.</summary>
    Api = 2,
}
