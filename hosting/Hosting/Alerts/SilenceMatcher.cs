using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace MonoRepo.Hosting;

/// <summary>What a label has to be: <c>severity=page</c>, <c>job!=web</c>, <c>pod=~"web-.*"</c>, <c>job!~a|b</c>.</summary>
/// <param name="Value">Its value, or a regular expression of the whole value.</param>
/// <param name="IsEqual">Whether the label has to match; else it may not.</param>
internal sealed partial record SilenceMatcher(string Name, string Value, bool IsRegex = false, bool IsEqual = true)
{
    /// <summary>The label of alerts that says which environment they are of.</summary>
    public const string Environment = "environment";

    /// <summary>The label with an alert's name.</summary>
    public const string AlertName = "alertname";

    public static SilenceMatcher Alert(string name) => new(AlertName, name);

    /// <summary>Reads matchers as amtool does: a word without an operator is the name of an alert.</summary>
    /// <param name="errors">Gets a line for each that is wrong.</param>
    public static IReadOnlyList<SilenceMatcher> Parse(IReadOnlyList<string> words, ICollection<string> errors)
    {
        var matchers = new List<SilenceMatcher>();
        foreach (var word in words)
        {
            var parts = Notation().Match(word);
            var value = parts.Groups["quoted"].Success
                ? parts.Groups["quoted"].Value.Replace("\\\"", "\"", StringComparison.Ordinal)
                : parts.Groups["value"].Value;
            if (!parts.Success)
            {
                errors.Add($"'{word}' isn't a matcher. Use the name of an alert, or a label with =, !=, =~ or !~ and its " +
                    "value, such as severity=page.");
            }
            else if (!parts.Groups["operator"].Success)
            {
                matchers.Add(Alert(parts.Groups["name"].Value));
            }
            else if (parts.Groups["name"].Value == Environment)
            {
                errors.Add($"'{word}': a silence is always of one environment. Name it with --env.");
            }
            else if (parts.Groups["operator"].Value is "=~" or "!~" && FindMistake(value) is { } mistake)
            {
                errors.Add($"'{word}' isn't a regular expression: {mistake}");
            }
            else
            {
                matchers.Add(new(
                    parts.Groups["name"].Value, value, parts.Groups["operator"].Value[^1] == '~',
                    parts.Groups["operator"].Value[0] == '='));
            }
        }

        if (matchers.Count(m => m.Name == AlertName && m is { IsEqual: true, IsRegex: false }) > 1)
        {
            errors.Add("An alert has one name. For several, use alertname=~\"A|B\".");
        }

        return matchers;
    }

    /// <summary>As it is read.</summary>
    public override string ToString() => $"{Name}{(IsEqual ? "=" : "!")}{(IsRegex ? "~" : IsEqual ? "" : "=")}\"{Value}\"";

    // Prometheus' expressions (RE2) know no backtracking either.
    private static string? FindMistake(string expression)
    {
        try
        {
            _ = new Regex(expression, RegexOptions.NonBacktracking);
            return null;
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            return exception.Message;
        }
    }

    [GeneratedRegex(
        """^(?<name>[A-Za-z_][A-Za-z0-9_]*)((?<operator>=~|!~|!=|=)("(?<quoted>([^"\\]|\\.)*)"|(?<value>[^"]*)))?$""",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Notation();
}

/// <summary>Alerts that nobody is told of for a while.</summary>
/// <param name="Matchers">Which alerts: all have to match.</param>
internal sealed record Silence(
    IReadOnlyList<SilenceMatcher> Matchers, DateTimeOffset StartsAt, DateTimeOffset EndsAt, string CreatedBy, string Comment)
{
    /// <summary>What Alertmanager calls it; null: it isn't there yet.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Id { get; init; }

    /// <summary>Whether it is of an environment: it has the matcher for that.</summary>
    public bool IsOf(string environment) => Matchers.Contains(new(SilenceMatcher.Environment, environment));

    /// <summary>The same of one environment.</summary>
    public Silence In(string environment) =>
        this with { Matchers = [.. Matchers, new(SilenceMatcher.Environment, environment)] };
}
