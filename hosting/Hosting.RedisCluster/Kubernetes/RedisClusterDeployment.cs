using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using static MonoRepo.Hosting.RedisCluster.Kubernetes.RedisClusterScripts;

namespace MonoRepo.Hosting.RedisCluster.Kubernetes;

/// <summary>
/// What publishing has to know of a Redis Cluster: a StatefulSet of the official image whose pods run the scripts of
/// <c>Assets</c>. They form the cluster by themselves and keep it over restarts; nothing here is in a pod template that depends
/// on the size.
/// </summary>
internal static class RedisClusterDeployment
{
    public const int Port = 6379;
    public const int BusPort = Port + 10000;
    public const string DataFolder = "/data";
    public const string SettingsVariable = "REDIS_CONFIG";
    public const string PasswordPattern = @"\A(?!\s)[^,\p{Cc}]+(?<!\s)\z";
    public const string FsyncVariable = "REDIS_APPENDFSYNC";
    private const string PreviousPasswordVariable = "REDIS_PASSWORD_PREVIOUS";
    private const long RedisUser = 999;

    /// <summary>Within it: the handover (11 s at most), and the server's wait for its replicas (10 s).</summary>
    private static readonly TimeSpan s_gracePeriod = TimeSpan.FromSeconds(30);

    /// <summary>States the facts on the resource.</summary>
    /// <param name="password">The password, read when it is needed.</param>
    public static IResourceBuilder<T> Describe<T>(
        IResourceBuilder<T> builder, int shards, int replicasPerShard, Func<ParameterResource> password)
        where T : IResource
    {
        var name = builder.Resource.Name.ToLowerInvariant();
        foreach (var (variable, field) in (IEnumerable<(string, string)>)
            [("POD_NAME", "metadata.name"), ("POD_NAMESPACE", "metadata.namespace"), (
                "POD_IP", "status.podIP"), ("NODE_NAME", "spec.nodeName"), ("REDIS_MEMORY_LIMIT", "limits.memory")])
        {
            builder.WithAnnotation(new PodVariableAnnotation(variable, field));
        }

        return builder.WithAnnotation(new EnvironmentCallbackAnnotation((Dictionary<string, object> variables) =>
            {
                variables["REDIS_SET"] = name;
                variables["REDIS_SERVICE"] = $"{name}-headless";
                variables["REDIS_PASSWORD"] = password();
            }))
            .WithAnnotation(new MemberSecretAnnotation(
                password, PreviousPasswordVariable, Command("password.sh", "accept"), Command("password.sh", "only"),
                PasswordPattern,
                "clients cut off a space at its ends and everything from a comma on, and have no control characters"))
            .WithAnnotation(new CommandAnnotation(Command("start.sh")))
            .WithAnnotation(new SidecarAnnotation("keeper", Command("keeper.sh")))
            .WithAnnotation(new PublishedPortAnnotation("tcp", Port))
            .WithAnnotation(new RunAsAnnotation(RedisUser, RedisUser))
            .WithStableIdentity()
            .WithPeerPorts(Port, BusPort)
            .WithPriorityClass(PriorityClassAnnotation.Stateful)
            .WithTermination(s_gracePeriod, Command("handover.sh"))
            // A failover takes the node timeout (5 s) and an election: with fewer failures allowed, one dead master would make
            // all members unready for a moment and empty the Service. The scripts end by themselves within 5 s: what the kubelet
            // cuts off leaves processes behind that nobody in the container waits for.
            .WithExecProbe(PodProbe.Readiness, Command("ready.sh"), new(Period: 2, Timeout: 10, FailureThreshold: 3))
            .WithExecProbe(PodProbe.Startup, Command("live.sh"), new(Period: 1, Timeout: 10, FailureThreshold: 120))
            .WithExecProbe(PodProbe.Liveness, Command("live.sh"), new(Period: 10, Timeout: 15))
            .WithAnnotation(new DeploymentFactsAnnotation(context => Facts(context, shards, replicasPerShard, password())));
    }

    private static IEnumerable<IResourceAnnotation> Facts(
        DeploymentFactsContext context, int shards, int replicasPerShard, ParameterResource password)
    {
        // Stated here rather than on the resource: locally it is no container.
        yield return new ContainerImageAnnotation
        {
            Registry = RedisClusterContainerImageTags.Registry,
            Image = RedisClusterContainerImageTags.Image,
            Tag = RedisClusterContainerImageTags.Tag,
        };
        var size = context.Last<RedisClusterSizeAnnotation>() ?? new(shards, replicasPerShard);
        yield return new ReplicaAnnotation(size.Shards * (1 + size.ReplicasPerShard));
        foreach (var files in context.Annotations.OfType<MountedFilesAnnotation>())
        {
            yield return files;
        }

        yield return Files;
        yield return WantedSize(size.Shards, size.ReplicasPerShard);
        if (!context.Annotations.OfType<ContainerMountAnnotation>().Any(m => m.Target == DataFolder))
        {
            // What a cluster acknowledges outlives its pods, whether or not local runs keep data.
            yield return new ContainerMountAnnotation("data", DataFolder, ContainerMountType.Volume, isReadOnly: false);
        }

        var address = new PublishedAddress(context.Resource, "tcp");
        yield return new ConnectionInClusterAnnotation(ReferenceExpression.Create($"{address},password={password}"));
        string[] wanted =
            [size.Shards.ToString(CultureInfo.InvariantCulture), size.ReplicasPerShard.ToString(CultureInfo.InvariantCulture)];
        yield return new MemberScalingAnnotation(
            Command("scale.sh", "lock"),
            Command("scale.sh", ["to", .. wanted]),
            Command("scale.sh", "retire"),
            Command("scale.sh", ["forget", .. wanted]),
            Command("scale.sh", "unlock"));
    }
}
