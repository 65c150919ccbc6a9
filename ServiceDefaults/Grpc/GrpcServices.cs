using Google.Protobuf.Reflection;

namespace MonoRepo.ServiceDefaults.Grpc;

/// <summary>The gRPC services that this process serves: health answers for them, reflection describes them.</summary>
internal sealed class GrpcServices
{
    private readonly List<ServiceDescriptor> _descriptors = [];

    public IReadOnlyList<ServiceDescriptor> Descriptors => _descriptors;

    public void Add(ServiceDescriptor descriptor) => _descriptors.Add(descriptor);

    public bool Contains(string fullName) => _descriptors.Any(descriptor => descriptor.FullName == fullName);
}
