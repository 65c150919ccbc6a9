using System.Diagnostics;

namespace MonoRepo.Tests.RedisOnKubernetes.Pods;

/// <summary>A data folder that is a volume of its own; root only.</summary>
internal sealed class SmallVolume : IDisposable
{
    private readonly string _folder;

    public SmallVolume(string folder, string size)
    {
        _folder = folder;
        Run("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", folder);
    }

    private string Ballast => Path.Combine(_folder, "ballast");

    /// <summary>But for a few pages.</summary>
    public void Fill()
    {
        using var file = File.Create(Ballast);
        var page = new byte[4096];
        while (new DriveInfo(_folder).AvailableFreeSpace > 64 * 1024)
        {
            file.Write(page);
            file.Flush();
        }
    }

    public void Free() => File.Delete(Ballast);

    public void Dispose() => Run("umount", "--lazy", _folder);

    private static void Run(params string[] command)
    {
        using var process = Process.Start(command[0], command[1..]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}

/// <summary>A volume of their own for each of the first members, so that it can be full.</summary>
internal sealed class Volumes(RedisPods pods, bool isPossible) : IDisposable
{
    private readonly Dictionary<RedisPod, SmallVolume> _volumes = Enumerable.Range(
        0, isPossible ? pods.Size : 0).Select(i => pods[i]).ToDictionary(p => p, p => new SmallVolume(p.Data, "256m"));

    public SmallVolume? Of(RedisPod pod) => _volumes.GetValueOrDefault(pod);

    public void Dispose()
    {
        foreach (var (pod, volume) in _volumes)
        {
            pod.Dispose();
            volume.Dispose();
        }
    }
}
