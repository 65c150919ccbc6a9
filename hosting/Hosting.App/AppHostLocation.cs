using System.Reflection;
using Aspire.Hosting;

namespace MonoRepo.Hosting.App;

/// <summary>Where the AppHost's project is.</summary>
/// <param name="Directory">Folder.</param>
/// <param name="ProjectFile">Name of the project file.</param>
internal sealed record AppHostLocation(string Directory, string ProjectFile)
{
    /// <summary>Name of the project.</summary>
    public string Name => Path.GetFileNameWithoutExtension(ProjectFile);

    /// <summary>The AppHost's assembly: the named one, or the one that the process was started with.</summary>
    internal static Assembly? FindAssembly(DistributedApplicationOptions options) =>
        options.AssemblyName is { } name ? Assembly.Load(name) : Assembly.GetEntryAssembly();

    internal static AppHostLocation Find(DistributedApplicationOptions options, Assembly? assembly)
    {
        string? directory = null;
        string? file = null;
        foreach (var metadata in assembly?.GetCustomAttributes<AssemblyMetadataAttribute>() ?? [])
        {
            if (string.Equals(metadata.Key, "apphostprojectpath", StringComparison.OrdinalIgnoreCase))
            {
                directory = metadata.Value;
            }
            else if (string.Equals(metadata.Key, "apphostprojectname", StringComparison.OrdinalIgnoreCase))
            {
                file = metadata.Value;
            }
        }

        // A published AppHost has left its project behind.
        directory = options.ProjectDirectory ?? (System.IO.Directory.Exists(directory) ? directory : System.IO.Directory.GetCurrentDirectory());
        return new AppHostLocation(Path.GetFullPath(directory), file ?? $"{assembly?.GetName().Name ?? "AppHost"}.csproj");
    }
}
