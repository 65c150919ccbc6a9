namespace MonoRepo.Acquire;

/// <summary>One process at a time per cache. The kernel holds the lock (flock), so it ends with its process, however that ends.</summary>
public static class CacheLock
{
    private const int WouldBlockErrno = 11;
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Waits for its turn; says once that it waits.</summary>
    public static async Task<IDisposable> TakeAsync(string directory, TextWriter progress, CancellationToken cancellation)
    {
        var path = Path.Combine(directory, ".lock");
        for (var waiting = false; ; waiting = true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (e.HResult == WouldBlockErrno)
            {
                if (!waiting)
                {
                    progress.WriteLine("Aspire bundle: another build is fetching it, waiting for that one");
                }

                await Task.Delay(PollInterval, cancellation);
            }
        }
    }
}
