using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting.RedisCluster.Local;

/// <summary>A container of the official integration (<c>AddRedis</c>) as a member.</summary>
internal static class RedisContainer
{
    /// <summary>Where the image keeps its data.</summary>
    public const string DataPath = "/data";

    private const string Password = "\"$REDIS_PASSWORD\"";

    /// <summary>
    /// Makes a cluster's member of a single server. Its command line is a shell's, for members find each other by the container's
    /// own address and clients by the host's: it is announced as a host name, and the port is the same inside and outside.
    /// </summary>
    /// <param name="keepsData">Whether keys survive the container; known when it starts.</param>
    /// <param name="forgetsData">Whether it begins with no data this time.</param>
    public static IResourceBuilder<RedisResource> AsMember(
        this IResourceBuilder<RedisResource> member, Func<bool> keepsData, Func<bool> forgetsData) => member
        // Members speak no TLS with each other here, as those that are processes do not.
        .WithoutHttpsCertificate()
        .WithArgs(context =>
        {
            // Quoted, which AddRedis does not: any password is one word.
            for (var i = 0; i < context.Args.Count; i++)
            {
                context.Args[i] = context.Args[i] is "$REDIS_PASSWORD" ? Password : context.Args[i];
            }

            if (forgetsData())
            {
                context.Args.Insert(0, $"rm -rf {DataPath}/* &&");
            }

            string[] arguments =
            [
                .. RedisServer.ClusterArguments, "--save", "''",
                "--port", $"{RedisClusterResource.PortOf(member.Resource)}", "--protected-mode", "no", "--masterauth", Password,
                "--cluster-announce-ip", "\"$(hostname -i | cut -d' ' -f1)\"", "--cluster-announce-hostname", "127.0.0.1",
                "--cluster-preferred-endpoint-type", "hostname", "--appendonly", keepsData() ? "yes" : "no",
            ];
            foreach (var argument in arguments)
            {
                context.Args.Add(argument);
            }
        });
}
