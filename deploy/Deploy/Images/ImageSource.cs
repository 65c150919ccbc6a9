namespace MonoRepo.Deploy.Images;

/// <summary>What an image is built from.</summary>
/// <param name="Name">Short name of the image: the resource's, and the repository under the environment's registry.</param>
internal abstract record ImageSource(string Name);

/// <summary>A .NET project, built by the SDK's container support.</summary>
/// <param name="ProjectPath">Absolute path of the project file.</param>
internal sealed record ProjectImageSource(string Name, string ProjectPath) : ImageSource(Name);

/// <summary>A Dockerfile, built by docker or podman.</summary>
/// <param name="ContextPath">Absolute path of the folder that it is built in.</param>
/// <param name="Stage">Stage to build; null means the last.</param>
/// <param name="Secrets">Build secrets; they go to the build through its environment and nowhere else.</param>
internal sealed record DockerfileImageSource(
    string Name,
    string ContextPath,
    string DockerfilePath,
    string? Stage,
    IReadOnlyDictionary<string, string> Arguments,
    IReadOnlyDictionary<string, string> Secrets) : ImageSource(Name);
