using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>A Redis Cluster: shards, each with one master and its replicas, that share the 16384 hash slots.</summary>
/// <param name="name">The resource's name, and the connection string's in whoever refers to it.</param>
/// <param name="shards">How many masters; at least three, which is what a majority needs.</param>
/// <param name="replicasPerShard">How many copies of each shard a deployed cluster has.</param>
/// <param name="password">What clients and members present.</param>
public sealed class RedisClusterResource(string name, int shards, int replicasPerShard, ParameterResource password)
    : Resource(name), IResourceWithConnectionString
{
    internal const string EndpointName = "tcp";
    internal const int MinShards = 3;
    internal const int MaxReplicasPerShard = 5;
    private readonly List<IResourceWithEndpoints> _members = [];

    /// <summary>How many masters.</summary>
    public int Shards { get; } = shards;

    /// <summary>
    /// How many copies of each shard a deployed cluster has; a local one has what <c>Redis:ReplicasPerShard</c> says.
    /// </summary>
    public int ReplicasPerShard { get; } = replicasPerShard;

    /// <summary>The password that clients and members present.</summary>
    public ParameterResource PasswordParameter { get; internal set; } = password;

    /// <summary>
    /// The members of the local cluster: first the masters, then the replicas, in the roles that they start with.
    /// </summary>
    public IReadOnlyList<IResourceWithEndpoints> Members => _members;

    /// <summary>All members and the password, as StackExchange.Redis reads it: <c>host:port,host:port,password=…</c>.</summary>
    public ReferenceExpression ConnectionStringExpression
    {
        get
        {
            var builder = new ReferenceExpressionBuilder();
            foreach (var member in _members)
            {
                builder.AppendLiteral(builder.IsEmpty ? "" : ",");
                builder.Append($"{EndpointOf(member).Property(EndpointProperty.HostAndPort)}");
            }

            builder.Append($",password={PasswordParameter}");
            return builder.Build();
        }
    }

    /// <summary>
    /// One member as <c>redis://:password@host:port</c>; clients that know clusters find the others through it.
    /// </summary>
    public ReferenceExpression UriExpression =>
        ReferenceExpression.Create(
            $"redis://:{PasswordParameter:uri}@{EndpointOf(_members[0]).Property(EndpointProperty.HostAndPort)}");

    IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties()
    {
        var endpoint = EndpointOf(_members[0]);
        yield return new("Host", ReferenceExpression.Create($"{endpoint.Property(EndpointProperty.Host)}"));
        yield return new("Port", ReferenceExpression.Create($"{endpoint.Property(EndpointProperty.Port)}"));
        yield return new("Password", ReferenceExpression.Create($"{PasswordParameter}"));
        yield return new("Uri", UriExpression);
    }

    internal static EndpointAnnotation EndpointAnnotationOf(IResource member) =>
        member.Annotations.OfType<EndpointAnnotation>().Single(e => e.Name == EndpointName);

    internal static int PortOf(IResource member) => EndpointAnnotationOf(member).Port
        ?? throw new InvalidOperationException($"'{member.Name}' has no port yet.");

    internal void Add(IResourceWithEndpoints member) => _members.Add(member);

    private static EndpointReference EndpointOf(IResourceWithEndpoints member) => new(member, EndpointName);
}
