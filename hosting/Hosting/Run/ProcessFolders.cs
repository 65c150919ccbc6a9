using System.Diagnostics;
using System.Globalization;

namespace MonoRepo.Hosting;

/// <summary>
/// Temporary folders that belong to a process, as their names say: a prefix, the process id, '-' and anything. So a later run can
/// remove what a killed one left.
/// </summary>
internal static class ProcessFolders
{
    /// <summary>The beginning of the name of a folder of this process.</summary>
    public static string Name(string prefix) => $"{prefix}{Environment.ProcessId}-";

    /// <summary>The folders of processes that still run.</summary>
    public static IEnumerable<string> OfRunningProcesses(string prefix) =>
        All(prefix).Where(folder => folder.IsRunning).Select(folder => folder.Path);

    /// <summary>Removes the folders of processes that have ended.</summary>
    public static void RemoveOrphans(string prefix)
    {
        foreach (var folder in All(prefix).Where(folder => !folder.IsRunning))
        {
            Remove(folder.Path);
        }
    }

    /// <summary>Removes a folder, if it is there and may be removed.</summary>
    public static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another user's, or just being removed by another run.
        }
    }

    private static IEnumerable<(string Path, bool IsRunning)> All(string prefix)
    {
        foreach (var folder in Directory.GetDirectories(Path.GetTempPath(), prefix + "*"))
        {
            var owner = Path.GetFileName(folder)[prefix.Length..].Split('-')[0];
            if (int.TryParse(owner, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            {
                yield return (folder, IsRunning(id));
            }
        }
    }

    private static bool IsRunning(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
