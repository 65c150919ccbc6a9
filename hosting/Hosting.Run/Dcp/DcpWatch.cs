using MonoRepo.Hosting.Run.Dcp.Wire;

namespace MonoRepo.Hosting.Run.Dcp;

/// <summary>Follows a kind of object for as long as DCP lives.</summary>
internal static class DcpWatch
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Calls <paramref name="onChange"/> once for each version of each object. DCP closes watches now and then; they are
    /// opened again, and what was seen already is left out.
    /// </summary>
    /// <exception cref="DcpGoneException">DCP did not answer for two seconds.</exception>
    public static async Task FollowAsync<T>(
        DcpClient client, Func<DcpWatchEvent<T>, Task> onChange, TimeProvider clock, CancellationToken cancellationToken)
        where T : IDcpObject
    {
        var versions = new Dictionary<string, string?>();
        long? lostAt = null;
        while (true)
        {
            try
            {
                await foreach (var change in client.WatchAsync<T>(cancellationToken).ConfigureAwait(false))
                {
                    lostAt = null;
                    if (IsNew(versions, change))
                    {
                        await onChange(change).ConfigureAwait(false);
                    }
                }
            }
            catch (Exception e) when (e is HttpRequestException or IOException && !cancellationToken.IsCancellationRequested)
            {
                lostAt ??= clock.GetTimestamp();
                if (clock.GetElapsedTime(lostAt.Value) > _patience)
                {
                    throw new DcpGoneException(e);
                }
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), clock, cancellationToken).ConfigureAwait(false);
        }
    }

    private static bool IsNew<T>(Dictionary<string, string?> versions, DcpWatchEvent<T> change)
        where T : IDcpObject
    {
        var (uid, version) = (change.Object.Metadata.Uid ?? change.Object.Metadata.Name, change.Object.Metadata.ResourceVersion);
        if (change.Type == DcpWatchEvent<T>.Deleted)
        {
            return versions.Remove(uid);
        }

        var isNew = !versions.TryGetValue(uid, out var last) || last != version;
        versions[uid] = version;
        return isNew;
    }
}
