using DiffPlex.Renderer;

namespace MonoRepo.Deploy.Files;

/// <summary>A unified diff with three lines of context, as <c>diff -u</c> writes it.</summary>
internal static class UnifiedDiff
{
    /// <summary>The difference of two texts; empty where they are equal.</summary>
    /// <param name="before">Old text; empty: the file is new.</param>
    /// <param name="after">New text; empty: the file goes.</param>
    public static string Between(string path, string before, string after)
    {
        if (before == after)
        {
            return "";
        }

        var (isNew, goes) = (before.Length == 0, after.Length == 0);
        var diff = UnidiffRenderer.GenerateUnidiff(
            before.TrimEnd('\n'), after.TrimEnd('\n'), isNew ? "/dev/null" : $"a/{path}", goes ? "/dev/null" : $"b/{path}");

        // Lines of a file that isn't there count from 0: by that, patch tells that it creates or deletes one.
        return isNew ? diff.Replace("@@ -1,0 ", "@@ -0,0 ", StringComparison.Ordinal)
            : goes ? diff.Replace(" +1,0 @@", " +0,0 @@", StringComparison.Ordinal)
            : diff;
    }
}
