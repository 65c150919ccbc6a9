using MonoRepo.Hosting.Run.Dcp.Wire;

namespace MonoRepo.Hosting.Run.Dcp.Lowering;

/// <summary>An evaluated argument.</summary>
/// <param name="IsSensitive">Whether it holds a secret; the dashboard masks it.</param>
internal sealed record LaunchArgument(string Value, bool IsSensitive = false);

/// <summary>What the graph says about the process, evaluated.</summary>
internal sealed record LaunchConfiguration(IReadOnlyList<LaunchArgument> Arguments, IReadOnlyList<DcpEnvVar> Environment)
{
    public IReadOnlyList<DcpEnvVar> ProtectedEnvironment =>
        [.. Environment.Select(variable => variable with { Value = DcpTemplate.Protect(variable.Value ?? "") })];

    public IReadOnlyList<string> ProtectedArguments => [.. Arguments.Select(argument => DcpTemplate.Protect(argument.Value))];
}

/// <summary>The program of a process.</summary>
/// <param name="Path">A path, or a name that PATH finds.</param>
/// <param name="Arguments">What goes before the graph's own arguments.</param>
internal sealed record LaunchCommand(string Path, string WorkingDirectory, IReadOnlyList<string> Arguments, IReadOnlyList<DcpEnvVar> Environment);

/// <summary>A service that an instance serves, and the port it listens on for it.</summary>
/// <param name="Port">Null: DCP picks one.</param>
internal sealed record ServedService(ServicePlan Service, int? Port);
