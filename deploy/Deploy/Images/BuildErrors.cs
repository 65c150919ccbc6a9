using System.Text.RegularExpressions;

namespace MonoRepo.Deploy.Images;

/// <summary>What went wrong in a build, in a line or a few.</summary>
internal static partial class BuildErrors
{
    private const int Shown = 3;

    /// <summary>Finds in the output of MSBuild, docker or podman what a person has to know.</summary>
    public static string Of(IReadOnlyList<string> lines)
    {
        if (lines.FirstOrDefault(l => l.Contains("No space left on device", StringComparison.OrdinalIgnoreCase)) is not null)
        {
            return $"The disk is full: {Path.GetTempPath()} and the projects' obj folders need room to build images. Free " +
                "some and try again.";
        }

        // /src/Server/Program.cs(3,1): error CS1002: ; expected [/src/Server/Server.csproj]
        var errors = lines.Select(l => ErrorLine().Match(l)).Where(m => m.Success)
            .Select(m => (Code: m.Groups["code"].Value, Text: ProjectSuffix().Replace(m.Value.Trim(), "")))
            .DistinctBy(e => e.Text).ToList();
        if (errors.Count == 0)
        {
            return $"An image could not be built: " +
                $"{string.Join(" | ", lines.Where(l => l.Trim().Length > 0).TakeLast(Shown).Select(l => l.Trim()))}";
        }

        var push = errors.FirstOrDefault(e => e.Code.StartsWith("CONTAINER", StringComparison.Ordinal));
        if (push.Text is not null)
        {
            return $"An image could not be pushed: {push.Text[(push.Text.IndexOf(push.Code, StringComparison.Ordinal))..]}";
        }

        var more = errors.Count > Shown ? $"\n  and {errors.Count - Shown} more" : "";
        return $"An image could not be built:\n  {string.Join("\n  ", errors.Take(Shown).Select(e => e.Text))}{more}";
    }

    [GeneratedRegex(@"^.*\berror (?<code>[A-Z]+\d+):.*$")]
    private static partial Regex ErrorLine();

    [GeneratedRegex(@"\s*\[[^\]]*proj[^\]]*\]$")]
    private static partial Regex ProjectSuffix();
}
