using Microsoft.Extensions.Logging;
using MonoRepo.Hosting;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Executes commands of resources.</summary>
public class ResourceCommandService
{
    private readonly ResourceNotificationService _notifications;
    private readonly ResourceLoggerService _loggers;
    private readonly IServiceProvider _services;

    internal ResourceCommandService(
        ResourceNotificationService notifications,
        ResourceLoggerService loggers,
        IServiceProvider services)
    {
        _notifications = notifications;
        _loggers = loggers;
        _services = services;
    }

    /// <summary>Executes a command of one instance.</summary>
    /// <param name="resourceId">Name of the instance, or of a resource with a single one.</param>
    /// <param name="commandName">The command.</param>
    /// <param name="cancellationToken">Stops the command.</param>
    public Task<ExecuteCommandResult> ExecuteCommandAsync(
        string resourceId,
        string commandName,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(resourceId);
        return _notifications.TryGetCurrentState(resourceId, out var state)
            ? ExecuteAsync(state.Resource, state.ResourceId, commandName, cancellationToken)
            : Task.FromResult(CommandResults.Failure($"Resource '{resourceId}' not found."));
    }

    /// <summary>Executes a command of every instance of a resource, all at the same time.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="commandName">The command.</param>
    /// <param name="cancellationToken">Stops the command.</param>
    public async Task<ExecuteCommandResult> ExecuteCommandAsync(
        IResource resource,
        string commandName,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(resource);
        var names = resource.GetInstanceNames();
        var results = await Task.WhenAll(names.Select(n => ExecuteAsync(resource, n, commandName, cancellationToken))).ConfigureAwait(false);
        if (results.Length == 1)
        {
            return results[0];
        }

        var failures = names.Zip(results).Where(r => r.Second is { Success: false, Canceled: false })
            .Select(r => $"Resource '{r.First}' failed with error message: {r.Second.Message}").ToArray();
        if (failures.Length > 0)
        {
            return CommandResults.Failure(string.Join(Environment.NewLine, [$"{failures.Length} command executions failed.", .. failures]));
        }

        return results.Any(r => r.Canceled)
            ? CommandResults.Canceled()
            : new ExecuteCommandResult { Success = true, Data = results.FirstOrDefault(r => r.Data is not null)?.Data };
    }

    private async Task<ExecuteCommandResult> ExecuteAsync(
        IResource resource,
        string instance,
        string commandName,
        CancellationToken cancellationToken)
    {
        var logger = _loggers.GetLogger(instance);
        var command = resource.Annotations.OfType<ResourceCommandAnnotation>().LastOrDefault(c => c.Name == commandName);
        if (command is null)
        {
            CommandLog.NotAvailable(logger, commandName);
            return CommandResults.Failure($"Command '{commandName}' not available for resource '{instance}'.");
        }

        try
        {
            CommandLog.Executing(logger, commandName);
            var result = await command.ExecuteCommand(new ExecuteCommandContext
            {
                ResourceName = instance,
                ServiceProvider = _services,
                CancellationToken = cancellationToken,
                Logger = logger,
            }).ConfigureAwait(false);
            if (result.Success)
            {
                CommandLog.Executed(logger, commandName);
            }
            else if (result.Canceled)
            {
                CommandLog.Canceled(logger, commandName);
            }
            else
            {
                CommandLog.Failed(logger, commandName, result.Message);
            }

            return result;
        }
        catch (OperationCanceledException)
        {
            CommandLog.Canceled(logger, commandName);
            return CommandResults.Canceled();
        }
        catch (Exception exception)
        {
            CommandLog.Threw(logger, exception, commandName);
            return CommandResults.Failure(exception);
        }
    }
}

internal static partial class CommandLog
{
    [LoggerMessage(1, LogLevel.Information, "Executing command '{Command}'.")]
    internal static partial void Executing(ILogger logger, string command);

    [LoggerMessage(2, LogLevel.Information, "Successfully executed command '{Command}'.")]
    internal static partial void Executed(ILogger logger, string command);

    [LoggerMessage(3, LogLevel.Information, "Command '{Command}' was canceled.")]
    internal static partial void Canceled(ILogger logger, string command);

    [LoggerMessage(4, LogLevel.Error, "Command '{Command}' failed: {Reason}")]
    internal static partial void Failed(ILogger logger, string command, string? reason);

    [LoggerMessage(5, LogLevel.Error, "Command '{Command}' failed.")]
    internal static partial void Threw(ILogger logger, Exception exception, string command);

    [LoggerMessage(6, LogLevel.Error, "Command '{Command}' is not available.")]
    internal static partial void NotAvailable(ILogger logger, string command);
}
