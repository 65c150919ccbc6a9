using System.Runtime.ExceptionServices;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using MonoRepo.Hosting.Run.Dcp.Lowering;
using MonoRepo.Hosting.Run.Dcp.Wire;

namespace MonoRepo.Hosting.Run.Orchestration;

/// <summary>Evaluates arguments and environment of a resource; anew for each start.</summary>
internal sealed class ConfigurationReader(DistributedApplicationExecutionContext executionContext, ResourceLoggerService loggers)
{
    /// <summary>Waits for what the values refer to: addresses, parameters.</summary>
    public async Task<LaunchConfiguration> ReadAsync(IResource resource, CancellationToken cancellationToken)
    {
        var result = await ExecutionConfigurationBuilder.Create(resource)
            .WithProjectLaunchConfig()
            .WithArgumentsConfig()
            .WithEnvironmentVariablesConfig()
            .BuildAsync(executionContext, loggers.GetLogger(resource), cancellationToken).ConfigureAwait(false);
        if (result.Exception is { } fault)
        {
            ExceptionDispatchInfo.Throw(fault);
        }

        return new LaunchConfiguration(
            [.. result.Arguments.Select(argument => new LaunchArgument(argument.Value, argument.IsSensitive))],
            [.. result.EnvironmentVariables.Select(variable => new DcpEnvVar(variable.Key, variable.Value))]);
    }
}
