namespace MonoRepo.Tests;

/// <summary>Where this checkout lies, found from the test assembly upwards.</summary>
public static class Repository
{
    /// <summary>The folder that holds MonoRepo.slnx.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Where NuGet keeps packages.</summary>
    public static string PackagesFolder { get; } = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } folder
        ? folder
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    /// <summary>A path below the root.</summary>
    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>A file that a project's build made, in the configuration that the test was built in.</summary>
    public static string OutputOf(string project, string file) =>
        PathOf(project, "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0", file);

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "MonoRepo.slnx")))
        {
            directory = directory.Parent;
        }

        return directory?.FullName ?? throw new InvalidOperationException($"No MonoRepo.slnx above {AppContext.BaseDirectory}.");
    }
}
