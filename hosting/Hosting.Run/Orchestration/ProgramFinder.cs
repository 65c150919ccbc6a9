using System.Reflection;
using System.Runtime.InteropServices;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using MonoRepo.Hosting.Run.Dcp.Lowering;
using MonoRepo.Hosting.Run.Dcp.Wire;

namespace MonoRepo.Hosting.Run.Orchestration;

/// <summary>What to start for a resource.</summary>
/// <param name="programs">The program of each project, by the project file's path.</param>
/// <param name="configuration">Debug or Release, as the AppHost's; null: the default.</param>
internal sealed class ProgramFinder(IReadOnlyDictionary<string, string> programs, string? configuration)
{
    private const string MetadataPrefix = "projectexecutable:";

    /// <summary>A finder that knows what the AppHost's build left in its assembly.</summary>
    public static ProgramFinder From(Assembly? appHost) => new(
        (appHost?.GetCustomAttributes<AssemblyMetadataAttribute>() ?? [])
            .Where(attribute => attribute.Key.StartsWith(MetadataPrefix, StringComparison.Ordinal) && attribute.Value is not null)
            .GroupBy(attribute => attribute.Key[MetadataPrefix.Length..])
            .ToDictionary(group => group.Key, group => group.Last().Value!, StringComparer.Ordinal),
        appHost?.GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration);

    /// <summary>
    /// The program of a process: for a project what its build made (see docs/adr), or <c>dotnet run</c> where the AppHost's
    /// build did not build it.
    /// </summary>
    /// <exception cref="DistributedApplicationException">The project is not built.</exception>
    public LaunchCommand Find(IResource resource)
    {
        if (resource is ExecutableResource executable)
        {
            return new LaunchCommand(executable.Command, executable.WorkingDirectory, [], []);
        }

        var project = resource.Annotations.OfType<IProjectMetadata>().LastOrDefault()
            ?? throw new DistributedApplicationException($"'{resource.Name}' names no project.");
        var directory = Path.GetDirectoryName(project.ProjectPath) ?? ".";
        if (!File.Exists(project.ProjectPath))
        {
            throw new DistributedApplicationException($"The project of '{resource.Name}' is not there: {project.ProjectPath}.");
        }

        return ProgramOf(project.ProjectPath) is { } program
            ? Direct(resource, project.ProjectPath, program, directory)
            : DotnetRun(project, directory);
    }

    private static LaunchCommand Direct(IResource resource, string project, string program, string directory)
    {
        if (!File.Exists(program))
        {
            throw new DistributedApplicationException(
                $"Project '{resource.Name}' is not built: there is no {program}. Run: dotnet build {project}");
        }

        return program.EndsWith(".dll", StringComparison.OrdinalIgnoreCase)
            ? new LaunchCommand("dotnet", directory, [program], [])
            : new LaunchCommand(program, directory, [], RuntimeLocation);
    }

    private LaunchCommand DotnetRun(IProjectMetadata project, string directory)
    {
        string[] what = project.ProjectPath.EndsWith(".cs", StringComparison.OrdinalIgnoreCase)
            ? ["run", "--file", project.ProjectPath, "--no-cache"]
            : ["run", "--project", project.ProjectPath];
        string[] build = project.SuppressBuild ? ["--no-build"] : [];
        string[] configured = configuration is { Length: > 0 } ? ["--configuration", configuration] : [];
        return new LaunchCommand("dotnet", directory, [.. what, .. build, .. configured, "--no-launch-profile", "--"], []);
    }

    private string? ProgramOf(string project) => programs.GetValueOrDefault(project) ?? programs.GetValueOrDefault(Path.GetFullPath(project));

    /// <summary>A program's own host looks for the runtime in a few places only; this one runs from the right one.</summary>
    private static IReadOnlyList<DcpEnvVar> RuntimeLocation =>
        Environment.GetEnvironmentVariable("DOTNET_ROOT") is null
        && Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..")) is var root
        && Directory.Exists(Path.Combine(root, "host", "fxr"))
            ? [new DcpEnvVar("DOTNET_ROOT", root.TrimEnd(Path.DirectorySeparatorChar))]
            : [];
}
