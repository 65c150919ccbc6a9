namespace MonoRepo.Hosting.Monitoring.Local;

/// <summary>The folder of a run: configuration made from the graph, and data. It is gone when the run has ended.</summary>
internal sealed class MonitoringFolder : IDisposable
{
    private const UnixFileMode ReadableByContainers = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    public string Root { get; } = Path.Combine(Path.GetTempPath(), $"monorepo-monitoring-{Environment.ProcessId}-{Path.GetRandomFileName()}");

    public string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>Writes a file in one step: its reader sees the old text or the new one.</summary>
    public void Write(string text, params string[] parts)
    {
        var path = PathOf(parts);
        Create(Path.GetDirectoryName(path)!);
        var temporary = $"{path}.tmp";
        File.WriteAllText(temporary, text);
        File.Move(temporary, path, overwrite: true);
    }

    public void Dispose()
    {
        if (Directory.Exists(Root))
        {
            Directory.Delete(Root, recursive: true);
        }
    }

    private static void Create(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, ReadableByContainers);
        }
    }
}
