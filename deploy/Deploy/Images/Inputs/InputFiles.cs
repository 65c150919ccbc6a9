using System.IO.Enumeration;
using System.Xml;
using System.Xml.Linq;

namespace MonoRepo.Deploy.Images;

/// <summary>
/// Which files an image depends on. In doubt a file counts: too many cost a build, too few would keep an old image.
/// </summary>
internal static class InputFiles
{
    private static readonly string[] s_shaping =
    [
        "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", "Directory.Build.rsp", "MSBuild.rsp",
        "global.json", "NuGet.config", "nuget.config", ".editorconfig", ".globalconfig",
    ];

    private static readonly string[] s_outputs = ["bin", "obj", "node_modules", "TestResults"];

    /// <summary>
    /// Files that say how a project is built, so which others count: the project, what MSBuild and NuGet find in the folders
    /// above, and what these import.
    /// </summary>
    public static IReadOnlySet<string> Shaping(IEnumerable<string> projects, string root)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        var waiting = new Queue<string>(projects);
        foreach (var project in projects.ToList())
        {
            for (var folder = Path.GetDirectoryName(project);
                folder is not null && IsWithin(folder, root);
                folder = Path.GetDirectoryName(folder))
            {
                foreach (var name in s_shaping)
                {
                    waiting.Enqueue(Path.Combine(folder, name));
                }
            }
        }

        while (waiting.TryDequeue(out var file))
        {
            if (File.Exists(file) && found.Add(file))
            {
                Imports(file).ToList().ForEach(waiting.Enqueue);
            }
        }

        return found;
    }

    /// <summary>
    /// All files in the folders of the projects but outputs and what is hidden, and the like of those that are compiled from
    /// elsewhere.
    /// </summary>
    public static IReadOnlySet<string> Sources(ProjectInputs inputs)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var folder in inputs.Projects.Select(p => Path.GetDirectoryName(p)!).Distinct())
        {
            found.UnionWith(Files(folder));
        }

        // A pattern may have found it, so a neighbour of the same kind may be next.
        foreach (var (folder, extension) in inputs.Files.Select(f => (Path.GetDirectoryName(f)!, Path.GetExtension(f)))
            .Distinct())
        {
            found.UnionWith(Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*" + extension) : []);
        }

        return found;
    }

    /// <summary>All files of a folder that Docker may copy from: only .git and what builds remember is left out.</summary>
    public static IEnumerable<string> Context(string folder) => Files(
        folder, (ref e) => true, (ref e) => e.FileName is not (".git" or ".aspire"));

    private static IEnumerable<string> Files(string folder) => Files(
        folder,
        (ref e) => !e.FileName.StartsWith('.') && !e.FileName.EndsWith(".user", StringComparison.Ordinal),
        (ref e) => !e.FileName.StartsWith('.') && !s_outputs.Contains(e.FileName.ToString()));

    private static FileSystemEnumerable<string> Files(
        string folder, FileSystemEnumerable<string>.FindPredicate isMeant,
        FileSystemEnumerable<string>.FindPredicate isEntered) =>
        new(
            folder, (ref e) => e.ToFullPath(),
            new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None })
        {
            ShouldIncludePredicate = (ref e) => !e.IsDirectory && isMeant(ref e),
            ShouldRecursePredicate = isEntered,
        };

    // <Import Project="eng/Package.targets" />; what a property names belongs to the SDK or to a package
    private static IEnumerable<string> Imports(string file)
    {
        if (!Path.GetExtension(file).EndsWith("proj", StringComparison.Ordinal)
            && Path.GetExtension(file) is not (".props" or ".targets"))
        {
            return [];
        }

        try
        {
            var folder = Path.GetDirectoryName(file)!;
            return [.. XDocument.Load(file).Descendants().Where(e => e.Name.LocalName == "Import")
                .Select(e => e.Attribute("Project")?.Value.Replace(
                    "$(MSBuildThisFileDirectory)", folder + "/", StringComparison.Ordinal).Replace('\\', '/'))
                .Where(p => p is not null && !p.Contains('$', StringComparison.Ordinal))
                .Select(p => Path.GetFullPath(p!, folder))];
        }
        catch (XmlException)
        {
            return [];
        }
    }

    private static bool IsWithin(string folder, string root) =>
        folder == root || folder.StartsWith(root + "/", StringComparison.Ordinal);
}

/// <summary>What MSBuild says that a project is made of.</summary>
/// <param name="Projects">The project file and those that it refers to, transitively. All in their folders counts as
/// source.</param>
/// <param name="Files">Files that they compile or embed from elsewhere.</param>
internal sealed record ProjectInputs(IReadOnlyList<string> Projects, IReadOnlyList<string> Files)
{
    /// <summary>Reads what target Inputs of ImageBuild.proj wrote.</summary>
    /// <param name="lines">Lines of <c>kind|owner|path</c>.</param>
    public static IReadOnlyDictionary<string, ProjectInputs> Read(IEnumerable<string> lines)
    {
        // project|/src/Server/Server.csproj|/src/Common/Common.csproj
        // file|/src/Common/Common.csproj|/src/proto/common.proto
        var parts = lines.Select(l => l.Split('|')).Where(p => p.Length == 3).ToList();
        var files = parts.Where(p => p[0] == "file").ToLookup(p => p[1], p => p[2]);
        return parts.Where(p => p[0] == "project").GroupBy(p => p[1], p => p[2]).ToDictionary(
            g => g.Key,
            g => new ProjectInputs([
                .. g.Distinct().Order(StringComparer.Ordinal),
            ], [.. g.SelectMany(p => files[p]).Distinct().Order(StringComparer.Ordinal)]));
    }
}
