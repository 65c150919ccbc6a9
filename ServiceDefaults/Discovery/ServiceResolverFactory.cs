using Grpc.Net.Client.Balancer;

namespace MonoRepo.ServiceDefaults.Discovery;

/// <summary>Resolves gRPC channels to <c>service:///{name}/{endpoint}</c>.</summary>
internal sealed class ServiceResolverFactory(ServiceEndpoints services, TimeProvider clock) : ResolverFactory
{
    public const string Scheme = "service";

    public override string Name => Scheme;

    public override Resolver Create(ResolverOptions options) => new ServiceResolver(options, services, clock);
}
