namespace MonoRepo.ServiceDefaults.Grpc;

/// <summary>
/// Something that a call needs (the store, another service) is away for now: answered as UNAVAILABLE, which callers retry.
/// The message goes to the caller and so names no address.
/// </summary>
public sealed class DependencyUnavailableException(string dependency, Exception? inner = null)
    : Exception($"{dependency} is away; try again.", inner);
