using System.Xml.Linq;

namespace MonoRepo.Tests;

/// <summary>The files of this repository, without what builds and runs put beside them.</summary>
internal static class SourceTree
{
    private static readonly string[] s_generated =
        [".git", ".vs", ".idea", ".aspire", "artifacts", "bin", "obj", "node_modules", "TestResults"];

    /// <summary>All files, as paths below the root with forward slashes.</summary>
    public static IReadOnlyList<string> Files { get; } =
        [.. Enumerate(new DirectoryInfo(Repository.Root)).Order(StringComparer.Ordinal)];

    /// <summary>The projects; those that templates make are text and no projects yet.</summary>
    public static IEnumerable<string> Projects =>
        Files.Where(file => file.EndsWith(".csproj", StringComparison.Ordinal)
        && !(file.StartsWith("templates/", StringComparison.Ordinal) && file.Count(c => c == '/') > 1));

    /// <summary>The C# files under a folder.</summary>
    public static IEnumerable<string> Sources(string folder) =>
        Files.Where(
            file => file.StartsWith(folder + "/", StringComparison.Ordinal) && file.EndsWith(".cs", StringComparison.Ordinal));

    /// <summary>The text of a file.</summary>
    public static string Read(string file) => File.ReadAllText(Repository.PathOf(file));

    /// <summary>The names that a project includes as items of a kind, without folder and extension.</summary>
    public static IReadOnlyList<string> Included(string project, string kind) =>
        [.. XDocument.Load(Repository.PathOf(project)).Descendants(kind)
            .Select(item => item.Attribute("Include")?.Value)
            .OfType<string>()
            .Select(include =>
                include.EndsWith(".csproj", StringComparison.Ordinal) ? Path.GetFileNameWithoutExtension(include) : include)
            .Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Enumerate(DirectoryInfo folder) =>
        folder.EnumerateFiles().Select(file => Path.GetRelativePath(Repository.Root, file.FullName).Replace('\\', '/'))
            .Concat(folder.EnumerateDirectories().Where(child => !s_generated.Contains(child.Name)).SelectMany(Enumerate));
}
