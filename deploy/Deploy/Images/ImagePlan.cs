namespace MonoRepo.Deploy.Images;

/// <summary>An image to build.</summary>
/// <param name="Reference">Where to, without tag and digest.</param>
/// <param name="BaseImage">What a project is put on, with its digest.</param>
internal sealed record ImagePlan(ImageSource Source, RegistryReference Reference, string Inputs, string? BaseImage);
