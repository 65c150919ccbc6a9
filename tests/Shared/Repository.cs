namespace MonoRepo.Tests;

/// <summary>Where this checkout lies, found from the test assembly upwards.</summary>
public static class Repository
{
    /// <summary>The folder that holds MonoRepo.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A path below the root.</summary>
    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "MonoRepo.sln")))
        {
            directory = directory.Parent;
        }

        return directory?.FullName ?? throw new InvalidOperationException($"No MonoRepo.sln above {AppContext.BaseDirectory}.");
    }
}
