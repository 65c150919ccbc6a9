using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace MonoRepo.Hosting.Run.Orchestration;

/// <summary>Resolves the parameters and shows them with their values, or with what is missing.</summary>
internal sealed partial class ParameterValues(ResourceNotificationService notifications, ResourceLoggerService loggers, ILogger<ParameterValues> logger)
{
    public async Task ResolveAsync(DistributedApplicationModel model)
    {
        foreach (var parameter in model.Resources.OfType<ParameterResource>())
        {
            await ResolveAsync(parameter).ConfigureAwait(false);
        }
    }

    private async Task ResolveAsync(ParameterResource parameter)
    {
        try
        {
            var value = await parameter.GetValueAsync(CancellationToken.None).ConfigureAwait(false) ?? "";
            await PublishAsync(parameter, value, KnownResourceStates.Running).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Log.Unresolved(loggers.GetLogger(parameter), e.Message);
            Log.Unresolved(logger, e.Message);
            var state = e is MissingParameterValueException
                ? new ResourceStateSnapshot(KnownResourceStates.ValueMissing, KnownResourceStateStyles.Warn)
                : new ResourceStateSnapshot("Error initializing parameter", KnownResourceStateStyles.Error);
            await PublishAsync(parameter, e.Message, state).ConfigureAwait(false);
        }
    }

    private Task PublishAsync(ParameterResource parameter, string value, ResourceStateSnapshot? state) =>
        notifications.PublishUpdateAsync(parameter, snapshot => (snapshot with { State = state })
            .WithProperty(KnownProperties.ParameterValue, value, isSensitive: parameter.Secret && state?.Text == KnownResourceStates.Running));

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "{Reason}")]
        public static partial void Unresolved(ILogger logger, string reason);
    }
}
