namespace MonoRepo.Deploy.Images;

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
