using System.Text;
using Xunit;

namespace MonoRepo.Tests;

/// <summary>
/// Expected files as a real tree under <c>Goldens/</c> of a test project. Set UPDATE_GOLDENS=1 to write what a test makes; the
/// difference is then reviewed like any other change.
/// </summary>
public static class GoldenTree
{
    /// <summary>
    /// Compares a tree (relative path to text) with the files under <paramref name="folder"/>; every difference is named.
    /// </summary>
    public static void AssertMatches(string folder, IReadOnlyDictionary<string, string> actual)
    {
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDENS") == "1")
        {
            Update(folder, actual);
            return;
        }

        var expected = Directory.Exists(folder)
            ? Directory.GetFiles(folder, "*", SearchOption.AllDirectories).ToDictionary(
                p => Path.GetRelativePath(folder, p).Replace('\\', '/'), File.ReadAllText)
            : [];
        var faults = new StringBuilder();
        foreach (var path in expected.Keys.Union(actual.Keys).Order(StringComparer.Ordinal))
        {
            var (wanted, made) = (expected.GetValueOrDefault(path), actual.GetValueOrDefault(path));
            if (wanted != made)
            {
                faults.Append(path).Append(wanted is null
                    ? ": is new\n"
                    : made is null ? ": is gone\n" : $": {FirstDifference(wanted, made)}\n");
            }
        }

        Assert.True(faults.Length == 0, $"{faults}Run the test with UPDATE_GOLDENS=1 and review the difference.");
    }

    private static string FirstDifference(string wanted, string made)
    {
        var (before, after) = (wanted.Split('\n'), made.Split('\n'));
        for (var i = 0; i < Math.Min(before.Length, after.Length); i++)
        {
            if (before[i] != after[i])
            {
                return $"line {i + 1} is '{after[i]}', was '{before[i]}'";
            }
        }

        return $"has {after.Length} lines, had {before.Length}";
    }

    private static void Update(string folder, IReadOnlyDictionary<string, string> actual)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        foreach (var (path, text) in actual)
        {
            var full = Path.Combine(folder, path);
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            File.WriteAllText(full, text);
        }
    }
}
