using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using MonoRepo.Deploy.Rendering;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Activity;

/// <summary>Something that was done to an environment. It never holds a value of a setting or a Secret.</summary>
/// <param name="Command">What was done: <c>apply</c>, <c>canary judge</c>.</param>
/// <param name="Result">How it ended: <c>done</c>, <c>failed</c>; of <c>canary judge</c> the verdict.</param>
internal sealed record ActivityEntry(DateTimeOffset At, string Command, string Result)
{
    public const string Done = "done";

    /// <summary>It began and did not end well.</summary>
    public const string Failed = "failed";

    private const int NoteLength = 300;

    private static readonly JsonSerializerOptions s_json =
        new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>How long it took.</summary>
    public double Seconds { get; init; }

    /// <summary>Who is logged in where the command ran.</summary>
    public string By { get; init; } = System.Environment.UserName;

    /// <summary>Who that is for the cluster; null: it didn't say.</summary>
    public string? User { get; init; }

    /// <summary>
    /// The commit of the files, with <c>-dirty</c> where some were changed since; null: they are in no repository.
    /// </summary>
    public string? Commit { get; init; }

    /// <summary>The resources that it changed.</summary>
    public IReadOnlyList<string> Resources { get; init; } = [];

    public IReadOnlyList<ImageChange> Images { get; init; } = [];

    /// <summary>What else there is to say, on one line.</summary>
    public string? Note { get; init; }

    /// <summary>Whether all is well.</summary>
    [JsonIgnore]
    public bool IsGood => Result is Done or "pass";

    /// <summary>Reads the line of a log; null: it is no entry, or one of a later version.</summary>
    public static ActivityEntry? Parse(string line)
    {
        try
        {
            return line.Length == 0 ? null : JsonSerializer.Deserialize<ActivityEntry>(line, s_json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The line of a log.</summary>
    public string ToJson() => JsonSerializer.Serialize(this with { Note = Shorten(Note) }, s_json);

    /// <summary>A line to read, without time and place.</summary>
    public override string ToString()
    {
        var who = User is null || User == By ? By : $"{By} ({User})";
        string?[] parts =
        [
            $"{Command} by {who}{(Commit is null ? "" : $" at {ShortCommit}")}: {Result} after " +
            $"{Seconds.ToString("F0", CultureInfo.InvariantCulture)} s",
            Resources.Count == 0 ? null : string.Join(", ", Resources), .. Images.Select(i => i.ToString()), Shorten(Note),
        ];
        return string.Join("; ", parts.OfType<string>());
    }

    /// <summary>The commit, short enough for a table.</summary>
    [JsonIgnore]
    public string ShortCommit => Commit is null
        ? "-"
        : Commit[..Math.Min(12, Commit.Length)] + (Commit.EndsWith("-dirty", StringComparison.Ordinal) ? "-dirty" : "");

    private static string? Shorten(string? note) => note?.Split('\n')[0] is { } line
        ? line[..Math.Min(NoteLength, line.Length)]
        : null;
}

/// <summary>A resource runs another version of an image.</summary>
/// <param name="Before">Its digest, or its tag; null: the resource had no such image.</param>
/// <param name="After">Its digest, or its tag.</param>
internal sealed record ImageChange(string Resource, string Image, string? Before, string? After)
{
    /// <summary>What an apply changes.</summary>
    public static IEnumerable<ImageChange> Between(string resource, YamlMap? live, YamlMap wanted)
    {
        var before = (live is null ? [] : ImageFields.Of(live).Select(ImageReference.Parse)).ToLookup(i => i.Name);
        return ImageFields.Of(wanted).Select(ImageReference.Parse).Distinct()
            .Select(i => new ImageChange(resource, i.Name, before[i.Name].Select(Version).FirstOrDefault(), Version(i)))
            .Where(c => c.Before != c.After);
    }

    /// <summary>As a line shows it.</summary>
    public override string ToString() => $"{Image} {Short(Before)} -> {Short(After)}";

    private static string? Version(ImageReference image) => image.Digest ?? image.Tag;

    // sha256:0123456789ab
    private static string Short(string? version) =>
        version is null
        ? "none"
        : version.StartsWith("sha256:", StringComparison.Ordinal) && version.Length > 19 ? version[..19] : version;
}
