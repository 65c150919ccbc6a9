using Aspire.Hosting.ApplicationModel;
using MonoRepo.Hosting.Run.Dashboard.Wire;
using ModelFormat = Aspire.Hosting.ApplicationModel.CommandResultFormat;
using ModelState = Aspire.Hosting.ApplicationModel.ResourceCommandState;

namespace MonoRepo.Hosting.Run.Dashboard;

/// <summary>What the dashboard is told about commands and how they went.</summary>
internal static class CommandMessage
{
    /// <summary>A command.</summary>
    public static ResourceCommand From(ResourceCommandSnapshot command) => new()
    {
        Name = command.Name,
        DisplayName = command.DisplayName,
        DisplayDescription = command.DisplayDescription ?? "",
        ConfirmationMessage = command.ConfirmationMessage ?? "",
        IsHighlighted = command.IsHighlighted,
        IconName = command.IconName ?? "",
        IconVariant = ResourceMessage.Icon(command.IconVariant),
        State = command.State switch
        {
            ModelState.Enabled => Wire.ResourceCommandState.Enabled,
            ModelState.Disabled => Wire.ResourceCommandState.Disabled,
            _ => Wire.ResourceCommandState.Hidden,
        },
    };

    /// <summary>How a command went.</summary>
    public static ResourceCommandResponse From(ExecuteCommandResult result)
    {
        var response = new ResourceCommandResponse
        {
            Kind = result switch
            {
                { Success: true } => ResourceCommandResponseKind.Succeeded,
                { Canceled: true } => ResourceCommandResponseKind.Cancelled,
                _ => ResourceCommandResponseKind.Failed,
            },
            Message = result.Message ?? "",
        };
        if (result.Data is { } data)
        {
            response.Result = new() { Value = data.Value, Format = Format(data.Format), DisplayImmediately = data.DisplayImmediately };
        }

        return response;
    }

    private static Wire.CommandResultFormat Format(ModelFormat format) => format switch
    {
        ModelFormat.Json => Wire.CommandResultFormat.Json,
        ModelFormat.Markdown => Wire.CommandResultFormat.Markdown,
        _ => Wire.CommandResultFormat.Text,
    };
}
