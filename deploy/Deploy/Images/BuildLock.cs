namespace MonoRepo.Deploy.Images;

/// <summary>
/// Lets one build of a repository run at a time: two would write the same obj folders, and each would push an image of its own
/// for the same inputs. The operating system holds the lock, so it also ends with a build that is killed.
/// </summary>
internal static class BuildLock
{
    private static readonly TimeSpan s_retry = TimeSpan.FromMilliseconds(100);

    // EWOULDBLOCK of Linux and of macOS, ERROR_SHARING_VIOLATION.
    private static readonly int[] s_heldErrors = [11, 35, unchecked((int)0x80070020)];

    /// <summary>Waits until no other build of the repository runs.</summary>
    /// <param name="waiting">Called once, where there is one.</param>
    public static async Task<IDisposable> TakeAsync(ImagePaths paths, Action waiting, CancellationToken cancellationToken)
    {
        // Of the whole repository: its AppHosts share projects.
        var file = Path.Combine(Directory.CreateDirectory(Path.Combine(paths.Root, ".aspire")).FullName, "images.lock");
        var isFirst = true;
        while (true)
        {
            try
            {
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException exception) when (s_heldErrors.Contains(exception.HResult))
            {
                if (isFirst)
                {
                    waiting();
                    isFirst = false;
                }

                await Task.Delay(s_retry, cancellationToken);
            }
        }
    }
}
