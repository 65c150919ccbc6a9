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

/// <summary>An image to build.</summary>
/// <param name="Reference">Where to, without tag and digest.</param>
/// <param name="BaseImage">What a project is put on, with its digest.</param>
internal sealed record ImagePlan(ImageSource Source, RegistryReference Reference, string Inputs, string? BaseImage);

/// <summary>How far an image is.</summary>
internal enum ImageStep
{
    /// <summary>Another build of the repository runs.</summary>
    Waiting,

    /// <summary>Nothing changed: it keeps the digest that it has.</summary>
    Unchanged,

    /// <summary>It is being built and pushed.</summary>
    Building,

    /// <summary>The registry has it.</summary>
    Pushed,
}

/// <summary>A step of an image, for the progress view.</summary>
/// <param name="Digest">What it is now; null until that is known.</param>
internal sealed record ImageReport(string Image, ImageStep Step, string? Digest);

/// <summary>How images are built.</summary>
/// <param name="Registry">Where they are pushed to, with port and path if any: <c>localhost:5000</c>,
/// <c>ghcr.io/shop</c>.</param>
internal sealed record ImageBuildOptions(string Registry)
{
    /// <summary>
    /// What .NET projects are put on: ASP.NET Core at an exact version on Ubuntu without shell, package manager and root
    /// (chiselled). This is the one place; <c>--base-image</c> overrides it. Its digest is looked up and recorded with every
    /// build.
    /// </summary>
    public const string DefaultBaseImage = "mcr.microsoft.com/dotnet/aspnet:10.0.12-noble-chiseled";

    /// <summary>
    /// The user that Microsoft's images have for this (<c>APP_UID</c>); a number, so that Kubernetes can see that it is not root.
    /// </summary>
    public const string User = "1654";

    /// <summary>What .NET projects are put on.</summary>
    public string BaseImage { get; init; } = DefaultBaseImage;

    /// <summary>Builds and pushes everything, changed or not.</summary>
    public bool Rebuild { get; init; }
}

/// <summary>Where things are.</summary>
/// <param name="Root">Folder of the repository: paths count relative to it.</param>
/// <param name="StateFile">What is remembered of images; not committed.</param>
internal sealed record ImagePaths(string Root, string StateFile)
{
    /// <summary>
    /// Of the repository that an AppHost belongs to: the nearest folder above with a <c>.git</c> or a solution, else the one
    /// above.
    /// </summary>
    public static ImagePaths Of(string appHostDirectory)
    {
        var above = Path.GetDirectoryName(Path.GetFullPath(appHostDirectory)) ?? appHostDirectory;
        var root = above;
        for (var folder = appHostDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (Path.Exists(Path.Combine(folder, ".git")) || Directory.EnumerateFiles(folder, "*.sln*").Any())
            {
                root = folder;
                break;
            }
        }

        return new(Path.GetFullPath(root), Path.Combine(Path.GetFullPath(appHostDirectory), ".aspire", "images.json"));
    }
}
