namespace MonoRepo.Playbooks.History;

/// <summary>
/// What was done to the environment, newest first: a ConfigMap's file, a line each, read each time, since it changes while the
/// process runs. On this machine, and before anything was done, there is none.
/// </summary>
internal sealed class HistoryFile(string? path)
{
    /// <summary>Whether there is a place where it would be.</summary>
    public bool IsKept => path is not null;

    public IReadOnlyList<HistoryEntry> Read()
    {
        try
        {
            return path is null ? [] : [.. File.ReadLines(path).Select(HistoryEntry.Parse).OfType<HistoryEntry>()];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
