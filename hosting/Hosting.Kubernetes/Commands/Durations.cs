using System.CommandLine.Parsing;
using System.Globalization;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>Times on the command line: <c>30s</c>, <c>5m</c>, <c>2h</c>, <c>1d</c>; a plain number is seconds.</summary>
internal static class Durations
{
    public static TimeSpan? Parse(ArgumentResult result)
    {
        var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        var (number, unit) = text.Length > 0 && char.IsAsciiLetter(text[^1]) ? (text[..^1], text[^1]) : (text, 's');
        TimeSpan? duration = double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            && value < int.MaxValue
            ? unit switch
            {
                's' => TimeSpan.FromSeconds(value),
                'm' => TimeSpan.FromMinutes(value),
                'h' => TimeSpan.FromHours(value),
                'd' => TimeSpan.FromDays(value),
                _ => null,
            }
            : null;
        if (duration is null)
        {
            result.AddError($"'{text}' isn't a time. Use a value such as 90, 30s, 5m, 2h or 1d.");
        }

        return duration;
    }
}
