using System.Globalization;
using System.Text.Json;

namespace MonoRepo.Playbooks.History;

/// <summary>Something that was done to the environment, as deploying writes it down.</summary>
/// <param name="At">When it began.</param>
/// <param name="Command">What was done: <c>apply</c>, <c>silence add</c>.</param>
/// <param name="Result">How it ended: <c>done</c>, <c>failed</c>; of <c>canary judge</c> the verdict.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="By">Who is logged in where the command ran.</param>
/// <param name="Commit">The commit of the files.</param>
/// <param name="Resources">What was changed.</param>
/// <param name="Images">The images that were changed.</param>
/// <param name="Note">What else there is to say.</param>
internal sealed record HistoryEntry(
    DateTimeOffset At,
    string Command,
    string Result,
    double Seconds = 0,
    string By = "",
    string? Commit = null,
    IReadOnlyList<string>? Resources = null,
    IReadOnlyList<HistoryImage>? Images = null,
    string? Note = null)
{
    private const int CommitLength = 12;

    /// <summary>Short enough for a table.</summary>
    public string ShortCommit => Commit is null
        ? ""
        : Commit[..Math.Min(CommitLength, Commit.Length)] + (Commit.EndsWith("-dirty", StringComparison.Ordinal) ? "-dirty" : "");

    /// <summary>What was changed, else what else there is to say.</summary>
    public string What => Resources is { Count: > 0 } ? string.Join(", ", Resources) : Note ?? "";

    /// <summary>What a mark on a graph says.</summary>
    public string Title => string.Create(
        CultureInfo.InvariantCulture,
        $"{At.UtcDateTime:yyyy-MM-dd HH:mm:ss} {Command} by {By}: {Result}{(What.Length > 0 ? ", " : "")}{What}");

    /// <summary>Reads a line of the file; null: it is no entry, or one of a later version.</summary>
    public static HistoryEntry? Parse(string line)
    {
        try
        {
            var entry = JsonSerializer.Deserialize<HistoryEntry>(line, JsonSerializerOptions.Web);
            return entry is { Command: not null, Result: not null, By: not null } ? entry : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>A resource runs another version of an image.</summary>
internal sealed record HistoryImage(string Image, string? Before, string? After)
{
    // sha256:0123456789ab
    private const int ShortLength = 19;

    public override string ToString() => $"{Image} {Short(Before)} -> {Short(After)}";

    private static string Short(string? version) => version is null ? "none" : version[..Math.Min(ShortLength, version.Length)];
}
