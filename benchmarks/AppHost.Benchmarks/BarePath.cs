namespace MonoRepo.AppHost.Benchmarks;

/// <summary>A folder that has all programs of the PATH but those that monitoring starts: a machine on which they are not installed.</summary>
internal sealed class BarePath : IDisposable
{
    private static readonly HashSet<string> _hidden = ["prometheus", "prometheus-alertmanager", "alertmanager", "grafana", "docker", "podman"];
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("monorepo-path-");

    public BarePath()
    {
        var programs = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(Directory.Exists).SelectMany(Directory.EnumerateFiles).DistinctBy(Path.GetFileName);
        foreach (var program in programs.Where(p => !_hidden.Contains(Path.GetFileName(p))))
        {
            File.CreateSymbolicLink(Path.Combine(_folder.FullName, Path.GetFileName(program)), program);
        }
    }

    /// <summary>For the PATH.</summary>
    public string Folder => _folder.FullName;

    public void Dispose() => _folder.Delete(recursive: true);
}
