using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using MonoRepo.Hosting.Run.Dcp.Lowering;

namespace MonoRepo.Hosting.Run.Orchestration;

/// <summary>The commands start, stop and restart of what DCP runs; names, icons and states are Aspire's.</summary>
internal static class LifecycleCommands
{
    public const string Start = "start";
    public const string Stop = "stop";
    public const string Restart = "restart";

    /// <summary>Adds the commands unless the resource is hidden or has its own.</summary>
    public static void AddTo(IResource resource)
    {
        if (resource.Annotations.OfType<ResourceSnapshotAnnotation>().LastOrDefault()?.InitialSnapshot.IsHidden == true)
        {
            return;
        }

        Add(resource, Start, "Start", "Start the resource", "Play", IconVariant.Filled, isHighlighted: true, StartState,
            (controller, instance, token) => controller.StartAsync(resource, instance, token));
        Add(resource, Stop, "Stop", "Stop the resource", "Stop", IconVariant.Filled, isHighlighted: true, StopState,
            (controller, instance, token) => controller.StopAsync(resource, instance, token));
        Add(resource, Restart, "Restart", "Restart the resource", "ArrowCounterclockwise", IconVariant.Regular, isHighlighted: false, RestartState,
            async (controller, instance, token) =>
            {
                await controller.StopAsync(resource, instance, token).ConfigureAwait(false);
                await controller.StartAsync(resource, instance, token).ConfigureAwait(false);
            });
    }

    public static ResourceCommandState StartState(string? state) => state switch
    {
        "Finished" or "Exited" or "FailedToStart" or "NotStarted" or "Unknown" or "Waiting" => ResourceCommandState.Enabled,
        null or "" or "Starting" or "Building" or "RuntimeUnhealthy" => ResourceCommandState.Disabled,
        _ => ResourceCommandState.Hidden,
    };

    public static ResourceCommandState StopState(string? state) => state switch
    {
        "Stopping" => ResourceCommandState.Disabled,
        _ => IsRunningLike(state) ? ResourceCommandState.Enabled : ResourceCommandState.Hidden,
    };

    public static ResourceCommandState RestartState(string? state) =>
        IsRunningLike(state) ? ResourceCommandState.Enabled : ResourceCommandState.Disabled;

    private static bool IsRunningLike(string? state) => state is not (null or "" or "Starting" or "Stopping" or "Waiting" or "Building"
        or "RuntimeUnhealthy" or "Finished" or "Exited" or "FailedToStart" or "NotStarted" or "Unknown");

    private static void Add(
        IResource resource,
        string name,
        string displayName,
        string description,
        string icon,
        IconVariant variant,
        bool isHighlighted,
        Func<string?, ResourceCommandState> stateOf,
        Func<InstanceController, ResourceInstance, CancellationToken, Task> execute)
    {
        if (resource.Annotations.OfType<ResourceCommandAnnotation>().Any(command => command.Name == name))
        {
            return;
        }

        resource.Annotations.Add(new ResourceCommandAnnotation(
            name,
            displayName,
            context => stateOf(context.ResourceSnapshot.State?.Text),
            async context =>
            {
                var controller = context.ServiceProvider.GetRequiredService<InstanceController>();
                var instance = context.ServiceProvider.GetRequiredService<InstanceTable>().Find(context.ResourceName)?.Instance;
                if (instance is null)
                {
                    return CommandResults.Failure($"'{context.ResourceName}' is not run by this application.");
                }

                await execute(controller, instance, context.CancellationToken).ConfigureAwait(false);
                return CommandResults.Success();
            },
            description,
            parameter: null,
            confirmationMessage: null,
            icon,
            variant,
            isHighlighted));
    }
}
