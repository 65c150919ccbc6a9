using Markdig;

namespace MonoRepo.Playbooks.Runbooks;

/// <summary>What to do about an alert.</summary>
/// <param name="Name">Of the alert.</param>
/// <param name="Text">In Markdown.</param>
/// <param name="Html">The same, rendered, without its title.</param>
internal sealed record Runbook(string Name, string Text, string Html);

/// <summary>A runbook in which all words were found, and some of the lines with them.</summary>
internal sealed record FoundRunbook(string Name, IReadOnlyList<string> Lines);

/// <summary>All runbooks: one Markdown file for each alert, called as it is.</summary>
internal sealed class RunbookLibrary
{
    private const int MaxLines = 3;

    private static readonly MarkdownPipeline s_pipeline = new MarkdownPipelineBuilder().UsePipeTables().DisableHtml().Build();

    private readonly SortedDictionary<string, Runbook> _runbooks = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Names => _runbooks.Keys;

    public static RunbookLibrary Read(string folder)
    {
        var library = new RunbookLibrary();
        foreach (var file in Directory.GetFiles(folder, "*.md"))
        {
            var (name, text) = (Path.GetFileNameWithoutExtension(file), File.ReadAllText(file));
            library._runbooks[name] = new(name, text, Markdown.ToHtml(text[(text.IndexOf('\n') + 1)..], s_pipeline));
        }

        return library;
    }

    public Runbook? Find(string name) => _runbooks.GetValueOrDefault(name);

    /// <summary>Runbooks that have all words, in whatever case; those with a word in their name come first.</summary>
    public IReadOnlyList<FoundRunbook> Search(string query)
    {
        var words = query.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 0
            ? []
            : [.. from runbook in _runbooks.Values
                  where words.All(word => Has(runbook.Text, word))
                  orderby words.Any(word => Has(runbook.Name, word)) descending
                  let lines = runbook.Text.Split('\n').Skip(1).Where(line => words.Any(word => Has(line, word)))
                  select new FoundRunbook(runbook.Name, [.. lines.Take(MaxLines)])];
    }

    private static bool Has(string text, string word) => text.Contains(word, StringComparison.OrdinalIgnoreCase);
}
