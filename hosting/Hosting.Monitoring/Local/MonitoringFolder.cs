namespace MonoRepo.Hosting.Monitoring.Local;

/// <summary>The folder of a run: configuration made from the graph, and data. It is gone when the run has ended.</summary>
internal sealed class MonitoringFolder : IDisposable
{
    private const UnixFileMode ReadableByContainers = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private const string Prefix = "monorepo-monitoring-";
    private const string LockName = "lock";
    private FileStream? _lock;

    public string Root { get; } = Path.Combine(Path.GetTempPath(), $"{Prefix}{Path.GetRandomFileName()}");

    public string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>Makes it, and deletes those of runs that were killed: of a run that lives, the lock is held.</summary>
    public void Begin()
    {
        foreach (var other in Directory.EnumerateDirectories(Path.GetTempPath(), $"{Prefix}*"))
        {
            try
            {
                using (Lock(other, FileMode.Open))
                {
                    Directory.Delete(other, recursive: true);
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // In use, or somebody else's.
            }
        }

        Create(Root);
        _lock = Lock(Root, FileMode.CreateNew);
    }

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
        _lock?.Dispose();
        if (Directory.Exists(Root))
        {
            Directory.Delete(Root, recursive: true);
        }
    }

    // A folder without one is being made at this moment.
    private static FileStream Lock(string folder, FileMode mode) =>
        new(Path.Combine(folder, LockName), mode, FileAccess.ReadWrite, FileShare.None);

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
