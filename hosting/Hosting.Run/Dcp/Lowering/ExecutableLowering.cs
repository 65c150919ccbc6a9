using MonoRepo.Hosting.Run.Dcp.Wire;

namespace MonoRepo.Hosting.Run.Dcp.Lowering;

/// <summary>A process to DCP's Executable.</summary>
internal static class ExecutableLowering
{
    public static DcpExecutable Lower(
        ResourceInstance instance, LaunchCommand command, LaunchConfiguration configuration, IReadOnlyList<ServedService> served) => new()
        {
            Metadata = ObjectMetadata.Of(instance, served, configuration.Arguments),
            Spec = new()
            {
                ExecutablePath = command.Path,
                WorkingDirectory = command.WorkingDirectory,
                Args = [.. command.Arguments.Select(DcpTemplate.Protect), .. configuration.ProtectedArguments],
                Env = [.. command.Environment, .. configuration.ProtectedEnvironment],
            },
        };
}
