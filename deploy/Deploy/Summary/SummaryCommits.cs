using System.Globalization;
using MonoRepo.Deploy.Activity;
using MonoRepo.Deploy.Processes;

namespace MonoRepo.Deploy.Summary;

/// <summary>Reads commits from git.</summary>
internal static class SummaryCommits
{
    // No text has it.
    private const char Separator = '\u001f';

    /// <summary>The commits that came onto a revision, by default what is checked out, in a time, newest first.</summary>
    /// <exception cref="DeployException">There is no git, or no repository.</exception>
    public static async Task<IReadOnlyList<MergedCommit>> ReadAsync(
        IProcessRunner processes, string folder, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken,
        string revision = "HEAD")
    {
        static string Time(DateTimeOffset time) =>
            time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        string[] arguments =
            [
                "log", "--no-merges", "--name-only", $"--since={Time(from)}", $"--until={Time(until)}",
                "--format=%x1f%H%x1f%cI%x1f%s", revision, "--",
            ];
        var result = await processes.RunAsync(new("git", arguments, folder), cancellationToken)
            ?? throw new DeployException("git was not found on the PATH. Install git.");
        return result.ExitCode == 0 ? Parse(result.Output)
            : throw new DeployException(
                $"git log of {folder} failed: {string.Join(' ', result.Lines.Where(l => l.Trim().Length > 0).TakeLast(1))}");
    }

    /// <summary>Parses what git has written: a line of each commit, an empty one, and its files.</summary>
    internal static IReadOnlyList<MergedCommit> Parse(IEnumerable<string> lines)
    {
        var commits = new List<(string[] Fields, List<string> Files)>();
        foreach (var line in lines.Where(l => l.Length > 0))
        {
            if (line[0] == Separator)
            {
                commits.Add((line.Split(Separator), []));
            }
            else
            {
                commits[^1].Files.Add(line);
            }
        }

        return [.. commits.Select(c => new MergedCommit(
            c.Fields[1], DateTimeOffset.Parse(c.Fields[2], CultureInfo.InvariantCulture), c.Fields[3], c.Files))];
    }
}

/// <summary>A commit of the branch.</summary>
/// <param name="At">When it came onto the branch.</param>
internal sealed record MergedCommit(string Hash, DateTimeOffset At, string Subject, IReadOnlyList<string> Files)
{
    /// <summary>
    /// The top folder that it is about: most of its files, where tests and guides count only if there is nothing else.
    /// </summary>
    public string Component => Files.Select(f => f.Contains('/', StringComparison.Ordinal) ? f.Split('/')[0] : "(root)")
        .GroupBy(f => f).OrderBy(g => g.Key is "tests" or "docs" or "(root)").ThenByDescending(g => g.Count()).ThenBy(
            g => g.Key, StringComparer.Ordinal)
        .FirstOrDefault()?.Key ?? "(root)";
}

/// <summary>A value of a metric.</summary>
/// <param name="Labels">What the value is of, as columns of a table.</param>
internal sealed record MeasuredValue(IReadOnlyList<string> Labels, double Value);

/// <summary>What a summary is made of; the same data make the same text.</summary>
/// <param name="Commits">The commits of that time, newest first.</param>
internal sealed record SummaryData(DateTimeOffset From, DateTimeOffset Until, IReadOnlyList<MergedCommit> Commits)
{
    /// <summary>The environment; null: none was named.</summary>
    public string? Environment { get; init; }

    /// <summary>What was done to it; null: it wasn't asked.</summary>
    public IReadOnlyList<ActivityEntry>? History { get; init; }

    /// <summary>Answers of Prometheus by the metric's name; null: it wasn't asked.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<MeasuredValue>>? Metrics { get; init; }

    /// <summary>Why Prometheus wasn't asked, or gave no answer.</summary>
    public string MetricsProblem { get; init; } = "No Prometheus was asked: `--prometheus URL` names one.";
}
