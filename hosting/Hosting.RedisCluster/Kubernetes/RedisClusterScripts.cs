using Aspire.Hosting.ApplicationModel;
using MonoRepo.Hosting;

namespace MonoRepo.Hosting.RedisCluster.Kubernetes;

/// <summary>The files of <c>Assets</c>, as the pods find them.</summary>
internal static class RedisClusterScripts
{
    /// <summary>Where the scripts are mounted.</summary>
    public const string Folder = "/etc/redis-cluster";

    /// <summary>Where the wanted size is mounted.</summary>
    public const string TopologyFolder = "/etc/redis-topology";

    /// <summary>Where a backup's runs keep what they save.</summary>
    public const string BackupFolder = "/backups";

    /// <summary>All files; a change rolls the members.</summary>
    public static MountedFilesAnnotation Files { get; } = new("scripts", Read(), Folder);

    /// <summary>The command line of a script.</summary>
    public static string[] Command(string script, params string[] arguments) => ["sh", $"{Folder}/{script}", .. arguments];

    /// <summary>The wanted size, which running pods see change without being rolled.</summary>
    public static MountedFilesAnnotation WantedSize(int shards, int replicasPerShard) => new(
        "topology",
        new Dictionary<string, string> { ["shards"] = $"{shards}", ["replicasPerShard"] = $"{replicasPerShard}" },
        TopologyFolder,
        RollOnChange: false);

    private static Dictionary<string, string> Read()
    {
        var assembly = typeof(RedisClusterScripts).Assembly;
        return assembly.GetManifestResourceNames().ToDictionary(name => name, name =>
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            return reader.ReadToEnd();
        });
    }
}

/// <summary>The size of a deployed cluster, where it is not the one that it was added with.</summary>
internal sealed record RedisClusterSizeAnnotation(int Shards, int ReplicasPerShard) : IResourceAnnotation;
