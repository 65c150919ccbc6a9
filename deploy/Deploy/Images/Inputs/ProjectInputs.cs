namespace MonoRepo.Deploy.Images;

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
