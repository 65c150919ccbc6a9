namespace MonoRepo.Deploy.Images;

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
