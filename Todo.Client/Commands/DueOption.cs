using System.CommandLine;
using System.Globalization;
using Google.Protobuf.WellKnownTypes;

namespace MonoRepo.Todo.Client.Commands;

/// <summary><c>--due</c>: a date, a time, or a span from now.</summary>
internal static class DueOption
{
    public static Option<string> Create() =>
        new("--due", "-d") { Description = "2026-12-24, 2026-12-24T18:00, or from now: 90m, 4h, 3d, 2w." };

    /// <summary>The time meant; null for none, and for <c>none</c>.</summary>
    /// <exception cref="UsageException">It is none of the forms.</exception>
    public static Timestamp? Read(string? text)
    {
        if (string.IsNullOrEmpty(text) || text == "none")
        {
            return null;
        }

        if (DateTime.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal | DateTimeStyles.AdjustToUniversal, out var time))
        {
            return Timestamp.FromDateTime(time);
        }

        if (int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && Unit(text[^1]) is { } unit)
        {
            return Timestamp.FromDateTime(DateTime.UtcNow + (unit * count));
        }

        throw new UsageException($"--due '{text}' is neither a date such as 2026-12-24 nor a span such as 3d.");
    }

    private static TimeSpan? Unit(char letter) => letter switch
    {
        'm' => TimeSpan.FromMinutes(1),
        'h' => TimeSpan.FromHours(1),
        'd' => TimeSpan.FromDays(1),
        'w' => TimeSpan.FromDays(7),
        _ => null,
    };
}
