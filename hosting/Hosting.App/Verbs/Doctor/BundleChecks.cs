using System.Reflection;
using Aspire.Hosting;
using MonoRepo.Hosting.Run.Dcp;

namespace MonoRepo.Hosting.App.Verbs;

/// <summary>What the build fetched: DCP and the dashboard; and the container runtime, which DCP looks for.</summary>
internal static class BundleChecks
{
    private const string BuildAgain = "Build the AppHost: its build fetches the bundle.";

    /// <summary>Runs DCP; it also says whether containers can be run.</summary>
    public static async Task<IReadOnlyList<DoctorFinding>> DcpAsync(DcpProgram program, bool hasContainers, CancellationToken cancellationToken)
    {
        try
        {
            var info = await program.GetInfoAsync(cancellationToken).ConfigureAwait(false);
            return [new DoctorFinding("DCP", DoctorVerdict.Ok, info.Version ?? "runs"), Containers(info.Containers, hasContainers)];
        }
        catch (DistributedApplicationException e)
        {
            return [new DoctorFinding("DCP", DoctorVerdict.Failed, e.Message, BuildAgain)];
        }
    }

    /// <param name="configured">The path in the configuration.</param>
    /// <param name="appHost">The AppHost's assembly; its build left the path there.</param>
    public static DoctorFinding Dashboard(string? configured, Assembly? appHost)
    {
        var path = string.IsNullOrEmpty(configured)
            ? appHost?.GetCustomAttributes<AssemblyMetadataAttribute>().LastOrDefault(attribute => attribute.Key == "aspiredashboardpath")?.Value
            : configured;
        return File.Exists(path)
            ? new DoctorFinding("dashboard", DoctorVerdict.Ok, path)
            : new DoctorFinding("dashboard", DoctorVerdict.Failed, path is null ? "not configured" : $"not at {path}", BuildAgain);
    }

    private static DoctorFinding Containers(Run.Dcp.Wire.DcpContainerRuntime? runtime, bool hasContainers)
    {
        const string check = "container runtime";
        var missing = hasContainers ? DoctorVerdict.Failed : DoctorVerdict.Optional;
        return runtime switch
        {
            { Running: true } => new DoctorFinding(check, DoctorVerdict.Ok, $"{runtime.Runtime} runs"),
            { Installed: true } => new DoctorFinding(check, missing, $"{runtime.Runtime} is installed but does not answer", $"Start {runtime.Runtime}; only container resources need it."),
            _ => new DoctorFinding(check, missing, "neither Docker nor Podman found", "Install Docker or Podman; only container resources need it."),
        };
    }
}
