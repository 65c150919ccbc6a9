using System.Text;
using DiffPlex.Renderer;

namespace MonoRepo.Deploy.Files;

/// <summary>
/// Brings a folder to a <see cref="FileTree"/>. The index lists what was written the last time: only those files are ever
/// deleted. A file is written under a temporary name and renamed, so that a reader sees the old or the new one.
/// </summary>
internal static class OwnedFiles
{
    /// <summary>Name of the index, beside the files.</summary>
    public const string IndexName = "published.index";

    private const string IndexHeader =
        "# Written by publish: the files that it owns. Only these are deleted when they are no longer wanted.\n";

    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Writes what differs; returns what was written and deleted.</summary>
    public static WrittenFiles Write(string root, FileTree tree)
    {
        Directory.CreateDirectory(root);
        var index = Index(tree);
        var wanted = tree.Generated.Append(new(IndexName, index))
            .Concat(tree.Seeds.Where(s => !File.Exists(Full(root, s.Key))))
            .ToList();
        var stale = ReadIndex(root).Where(p => !tree.Generated.ContainsKey(p)).ToList();
        var written = 0;
        // One thread a folder: two would wait for each other at the kernel's lock of that folder.
        Parallel.ForEach(wanted.GroupBy(f => Path.GetDirectoryName(Full(root, f.Key))!), folder =>
        {
            Directory.CreateDirectory(folder.Key);
            Interlocked.Add(ref written, folder.Count(file => WriteIfChanged(Full(root, file.Key), file.Value)));
        });
        foreach (var path in stale)
        {
            Delete(root, path);
        }

        return new(tree.Generated.Count + tree.Seeds.Count + 1, written, stale.Count);
    }

    /// <summary>Every difference between the folder and the tree, as a unified diff; empty where there is none.</summary>
    public static string Compare(string root, FileTree tree)
    {
        var diff = new StringBuilder();
        var stale = ReadIndex(root).Where(p => !tree.Generated.ContainsKey(p))
            .Select(p => new KeyValuePair<string, string>(p, ""));
        var seeds = tree.Seeds.Where(s => !File.Exists(Full(root, s.Key)));
        foreach (var (path, text) in tree.Generated.Append(new(IndexName, Index(tree))).Concat(stale).Concat(seeds).OrderBy(
            f => f.Key, StringComparer.Ordinal))
        {
            var full = Full(root, path);
            var current = File.Exists(full) ? s_utf8.GetString(File.ReadAllBytes(full)) : "";
            diff.Append(UnifiedDiff.Between(path, current, text));
        }

        return diff.ToString();
    }

    /// <summary>Paths of files in some folders that differ from the tree, are missing, or are no longer wanted.</summary>
    public static IReadOnlyList<string> FindOutdated(string root, FileTree tree, IReadOnlyCollection<string> folders)
    {
        return
        [
            .. tree.Generated.Where(f => IsMeant(f.Key) && !Same(Full(root, f.Key), s_utf8.GetBytes(f.Value))).Select(f => f.Key)
                .Concat(ReadIndex(root).Where(p => IsMeant(p) && !tree.Generated.ContainsKey(p)))
                .Order(StringComparer.Ordinal),
        ];

        bool IsMeant(string path) => folders.Any(f => path.StartsWith(f + "/", StringComparison.Ordinal));
    }

    private static string Index(FileTree tree) => IndexHeader + string.Concat(tree.Generated.Keys.Select(p => p + "\n"));

    private static IEnumerable<string> ReadIndex(string root)
    {
        var path = Path.Combine(root, IndexName);
        return File.Exists(path) ? File.ReadAllLines(path).Where(l => l.Length > 0 && l[0] != '#' && IsInside(root, l)) : [];
    }

    /// <summary>An index that was edited by hand must not make publish delete elsewhere.</summary>
    private static bool IsInside(string root, string path) =>
        Path.GetFullPath(Full(root, path)).StartsWith(
            Path.GetFullPath(root) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static bool WriteIfChanged(string path, string text)
    {
        var bytes = s_utf8.GetBytes(text);
        if (Same(path, bytes))
        {
            return false;
        }

        // A name of this run alone: two runs at once, or what a killed one left, are never written into.
        var temporary = $"{path}.{Environment.ProcessId}-{Environment.TickCount64}.tmp";
        try
        {
            // Nobody else knows the name, so nobody has to be locked out: thousands of files are a system call faster each.
            using (var file = File.OpenHandle(
                temporary, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete))
            {
                RandomAccess.Write(file, bytes, 0);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }

        return true;
    }

    private static bool Same(string path, byte[] bytes)
    {
        var file = new FileInfo(path);
        return file.Exists && file.Length == bytes.Length && File.ReadAllBytes(path).AsSpan().SequenceEqual(bytes);
    }

    private static void Delete(string root, string path)
    {
        File.Delete(Full(root, path));
        var folder = Path.GetDirectoryName(Full(root, path));
        var top = Path.GetFullPath(root);
        while (folder is not null && Path.GetFullPath(folder) != top && Directory.Exists(folder)
            && !Directory.EnumerateFileSystemEntries(folder).Any())
        {
            Directory.Delete(folder);
            folder = Path.GetDirectoryName(folder);
        }
    }

    private static string Full(string root, string path) => Path.Combine(root, path.Replace('/', Path.DirectorySeparatorChar));
}

/// <summary>What <see cref="OwnedFiles.Write"/> did.</summary>
/// <param name="Files">All files there are, with the index and those that people edit.</param>
/// <param name="Written">Those that differed or were missing.</param>
/// <param name="Deleted">Those that are no longer wanted.</param>
internal sealed record WrittenFiles(int Files, int Written, int Deleted);

/// <summary>What publish wants to be on disk: relative path (with <c>/</c>) to text.</summary>
internal sealed class FileTree
{
    private readonly SortedDictionary<string, string> _generated = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string> _seeds = new(StringComparer.Ordinal);

    /// <summary>Files that publish owns: written, compared and, once they are no longer wanted, deleted.</summary>
    public IReadOnlyDictionary<string, string> Generated => _generated;

    /// <summary>Files that others own: written where there is none, never touched again.</summary>
    public IReadOnlyDictionary<string, string> Seeds => _seeds;

    /// <summary>Adds a file of publish's own.</summary>
    public void Add(string path, string text) => _generated.Add(path, text);

    /// <summary>Adds the first version of a file that belongs to somebody else.</summary>
    public void Seed(string path, string text) => _seeds.Add(path, text);
}

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
