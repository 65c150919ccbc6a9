namespace Aspire.Hosting.ApplicationModel;

/// <summary>What can be said about a command.</summary>
public class CommandOptions
{
    /// <summary>What it does.</summary>
    public string? Description { get; set; }

    /// <summary>Question that is asked first.</summary>
    public string? ConfirmationMessage { get; set; }

    /// <summary>Icon.</summary>
    public string? IconName { get; set; }

    /// <summary>Variant of the icon.</summary>
    public IconVariant? IconVariant { get; set; }

    /// <summary>Whether it is shown without opening a menu.</summary>
    public bool IsHighlighted { get; set; }

    /// <summary>Who is offered the command. Default: people and programs.</summary>
    public ResourceCommandVisibility Visibility { get; set; } = ResourceCommandVisibility.UI | ResourceCommandVisibility.Api;

    /// <summary>Says from a snapshot whether the command can be used. Default: always.</summary>
    public Func<UpdateCommandStateContext, ResourceCommandState>? UpdateState { get; set; }
}
