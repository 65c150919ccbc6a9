using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>A Redis Cluster: shards, each with one master and its replicas, that share the 16384 hash slots.</summary>
/// <param name="name">The resource's name, and the connection string's in whoever refers to it.</param>
/// <param name="shards">How many masters; at least three, which is what a majority needs.</param>
/// <param name="replicasPerShard">How many copies of each shard a deployed cluster has.</param>
public sealed class RedisClusterResource(string name, int shards, int replicasPerShard) : Resource(name), IResourceWithConnectionString
{
    internal const string EndpointName = "tcp";
    internal const int MinShards = 3;
    internal const int MaxReplicasPerShard = 5;
    private readonly List<IResourceWithEndpoints> members = [];

    /// <summary>How many masters.</summary>
    public int Shards { get; } = shards;

    /// <summary>How many copies of each shard a deployed cluster has; a local one has what <c>Redis:ReplicasPerShard</c> says.</summary>
    public int ReplicasPerShard { get; } = replicasPerShard;

    /// <summary>The password that clients and members present, if any.</summary>
    public ParameterResource? PasswordParameter { get; internal set; }

    /// <summary>The members of the local cluster: first the masters, then the replicas, in the roles that they start with.</summary>
    public IReadOnlyList<IResourceWithEndpoints> Members => members;

    /// <summary>All members and the password, as StackExchange.Redis reads it: <c>host:port,host:port[,password=…]</c>.</summary>
    public ReferenceExpression ConnectionStringExpression
    {
        get
        {
            var builder = new ReferenceExpressionBuilder();
            foreach (var member in members)
            {
                builder.AppendLiteral(builder.IsEmpty ? "" : ",");
                builder.Append($"{EndpointOf(member).Property(EndpointProperty.HostAndPort)}");
            }

            if (PasswordParameter is { } password)
            {
                builder.Append($",password={password}");
            }

            return builder.Build();
        }
    }

    /// <summary>One member as <c>redis://[:password@]host:port</c>; clients that know clusters find the others through it.</summary>
    public ReferenceExpression UriExpression
    {
        get
        {
            var endpoint = EndpointOf(members[0]);
            var builder = new ReferenceExpressionBuilder();
            builder.Append($"{endpoint.Property(EndpointProperty.Scheme)}://");
            if (PasswordParameter is { } password)
            {
                builder.Append($":{password:uri}@");
            }

            builder.Append($"{endpoint.Property(EndpointProperty.HostAndPort)}");
            return builder.Build();
        }
    }

    IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties()
    {
        var endpoint = EndpointOf(members[0]);
        yield return new("Host", ReferenceExpression.Create($"{endpoint.Property(EndpointProperty.Host)}"));
        yield return new("Port", ReferenceExpression.Create($"{endpoint.Property(EndpointProperty.Port)}"));
        if (PasswordParameter is { } password)
        {
            yield return new("Password", ReferenceExpression.Create($"{password}"));
        }

        yield return new("Uri", UriExpression);
    }

    internal static EndpointReference EndpointOf(IResourceWithEndpoints member) => new(member, EndpointName);

    internal void Add(IResourceWithEndpoints member) => members.Add(member);
}
