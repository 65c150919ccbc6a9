namespace MonoRepo.Deploy.Files;

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
