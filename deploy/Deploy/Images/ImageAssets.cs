namespace MonoRepo.Deploy.Images;

/// <summary>The MSBuild files that lie beside this assembly.</summary>
internal static class ImageAssets
{
    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "Images", "Assets");

    public static string BuildProject { get; } = Path.Combine(s_folder, "ImageBuild.proj");

    public static IReadOnlyList<string> Files { get; } = [BuildProject, Path.Combine(s_folder, "ContainerLayers.targets")];

    public static bool IsOurs(string file) => file.StartsWith(s_folder, StringComparison.Ordinal);
}
