namespace Aspire.Hosting.ApplicationModel;

/// <summary>A command of a resource.</summary>
public sealed class ResourceCommandAnnotation : IResourceAnnotation
{
    /// <summary>A command; the parameter is there for compatibility and not used.</summary>
    public ResourceCommandAnnotation(
        string name,
        string displayName,
        Func<UpdateCommandStateContext, ResourceCommandState> updateState,
        Func<ExecuteCommandContext, Task<ExecuteCommandResult>> executeCommand,
        string? displayDescription,
        object? parameter,
        string? confirmationMessage,
        string? iconName,
        IconVariant? iconVariant,
        bool isHighlighted)
        : this(name, displayName, updateState, executeCommand, displayDescription, confirmationMessage, iconName, iconVariant, isHighlighted, ResourceCommandVisibility.UI | ResourceCommandVisibility.Api)
    {
    }

    internal ResourceCommandAnnotation(
        string name,
        string displayName,
        Func<UpdateCommandStateContext, ResourceCommandState> updateState,
        Func<ExecuteCommandContext, Task<ExecuteCommandResult>> executeCommand,
        string? displayDescription,
        string? confirmationMessage,
        string? iconName,
        IconVariant? iconVariant,
        bool isHighlighted,
        ResourceCommandVisibility visibility)
    {
        Name = name ?? throw new ArgumentNullException(nameof(name));
        DisplayName = displayName ?? throw new ArgumentNullException(nameof(displayName));
        UpdateState = updateState ?? throw new ArgumentNullException(nameof(updateState));
        ExecuteCommand = executeCommand ?? throw new ArgumentNullException(nameof(executeCommand));
        DisplayDescription = displayDescription;
        ConfirmationMessage = confirmationMessage;
        IconName = iconName;
        IconVariant = iconVariant;
        IsHighlighted = isHighlighted;
        Visibility = visibility;
    }

    /// <summary>Name, unique in the resource.</summary>
    public string Name { get; }

    /// <summary>Name that people see.</summary>
    public string DisplayName { get; }

    /// <summary>Says from a snapshot whether the command can be used.</summary>
    public Func<UpdateCommandStateContext, ResourceCommandState> UpdateState { get; }

    /// <summary>Does it.</summary>
    public Func<ExecuteCommandContext, Task<ExecuteCommandResult>> ExecuteCommand { get; }

    /// <summary>What it does.</summary>
    public string? DisplayDescription { get; }

    /// <summary>Question that is asked first.</summary>
    public string? ConfirmationMessage { get; }

    /// <summary>Icon.</summary>
    public string? IconName { get; }

    /// <summary>Variant of the icon.</summary>
    public IconVariant? IconVariant { get; }

    /// <summary>Whether it is shown without opening a menu.</summary>
    public bool IsHighlighted { get; }

    /// <summary>Who is offered the command.</summary>
    public ResourceCommandVisibility Visibility { get; }
}
