namespace MonoRepo.Deploy.Images;

/// <summary>An image that resources of an environment run.</summary>
/// <param name="Name">Without tag and digest, and without the environment's registry where it is built here: what pins
/// name.</param>
/// <param name="IsBuiltHere">It comes from this repository.</param>
internal sealed record UsedImage(string Name, string? Tag, bool IsBuiltHere);
