using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting;

namespace MonoRepo.Hosting.RedisCluster.Local;

/// <summary>
/// Where the members of one local cluster keep their files. Kept data lies under <c>.aspire/redis/</c> of the AppHost, in a folder per
/// server and shape, since none of them can read another's. Otherwise, and in isolated runs (tests), a temporary folder serves.
/// </summary>
internal sealed class MemberDirectories : IDisposable
{
    private const string TemporaryPrefix = "monorepo-redis-";
    private readonly Lock gate = new();
    private FileStream? claim;
    private bool isClaimed;

    private readonly bool reset;

    private MemberDirectories(string root, bool isKept, bool reset) => (Root, IsKept, this.reset) = (root, isKept, reset);

    /// <summary>The folder that holds one folder a member.</summary>
    public string Root { get; }

    /// <summary>Whether the files outlive the run.</summary>
    public bool IsKept { get; }

    public static MemberDirectories Kept(string appHostDirectory, RedisClusterResource cluster, LocalRedisOptions options) => new(
        Path.Combine(
            appHostDirectory, ".aspire", "redis", cluster.Name,
            $"{LocalRedisOptions.ServerNames[(int)options.Server]}-{cluster.Shards}x{1 + options.ReplicasPerShard}"),
        isKept: true,
        options.Reset);

    /// <summary>A folder of this process; the name tells later runs whether its owner still lives.</summary>
    public static MemberDirectories Temporary() => new(
        Path.Combine(Path.GetTempPath(), $"{TemporaryPrefix}{Environment.ProcessId}-{Path.GetRandomFileName()}"),
        isKept: false,
        reset: false);

    /// <summary>The folder of a member.</summary>
    public string Of(string member) => Path.Combine(Root, member);

    /// <summary>The port that the member had in the last run, for the others remember it by that; null in the first.</summary>
    public int? KnownPort(string member) =>
        File.Exists(PortFile(member)) && int.TryParse(File.ReadAllText(PortFile(member)), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? port
            : null;

    /// <summary>Makes the member's folder ready for its start.</summary>
    /// <exception cref="DistributedApplicationException">Another run uses the kept data.</exception>
    public void Prepare(string member, int port)
    {
        lock (gate)
        {
            if (!isClaimed)
            {
                Claim();
                isClaimed = true;
            }
        }

        Directory.CreateDirectory(Of(member));
        File.WriteAllText(PortFile(member), port.ToString(CultureInfo.InvariantCulture));
    }

    public void Dispose()
    {
        claim?.Dispose();
        if (!IsKept)
        {
            Clear();
        }
    }

    private void Clear()
    {
        if (Directory.Exists(Root))
        {
            Directory.Delete(Root, recursive: true);
        }
    }

    private string PortFile(string member) => Path.Combine(Of(member), "port");

    private void Claim()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Root)!);
        if (!IsKept)
        {
            RemoveOrphans();
            return;
        }

        claim = Lock();
        if (reset)
        {
            Clear();
        }
    }

    private FileStream Lock()
    {
        try
        {
            return new(Root + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new DistributedApplicationException($"Another run of this AppHost uses the data in {Root}. End it first.");
        }
    }

    /// <summary>Removes the folders of processes that were killed.</summary>
    private static void RemoveOrphans()
    {
        foreach (var folder in Directory.GetDirectories(Path.GetTempPath(), TemporaryPrefix + "*"))
        {
            var owner = Path.GetFileName(folder)[TemporaryPrefix.Length..].Split('-')[0];
            if (int.TryParse(owner, NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && !IsRunning(pid))
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
        }
    }

    private static bool IsRunning(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
