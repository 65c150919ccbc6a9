using System.CommandLine.Parsing;
using System.Globalization;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>Times on the command line: <c>30s</c>, <c>5m</c>, <c>2h</c>, <c>1d</c>; a plain number is seconds.</summary>
internal static class Durations
{
    // No date lies before the first year.
    private static readonly TimeSpan s_max = TimeSpan.FromDays(36500);

    public static TimeSpan? Parse(ArgumentResult result)
    {
        var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        var (number, unit) = text.Length > 0 && char.IsAsciiLetter(text[^1]) ? (text[..^1], text[^1]) : (text, 's');
        TimeSpan? one = unit switch
        {
            's' => TimeSpan.FromSeconds(1),
            'm' => TimeSpan.FromMinutes(1),
            'h' => TimeSpan.FromHours(1),
            'd' => TimeSpan.FromDays(1),
            _ => null,
        };
        if (double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            && value <= s_max / one)
        {
            return one * value;
        }

        result.AddError($"'{text}' isn't a time. Use a value such as 90, 30s, 5m, 2h or 1d.");
        return null;
    }
}
