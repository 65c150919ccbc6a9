using System.Globalization;

namespace MonoRepo.Deploy.Status;

/// <summary>How old something is, in the two largest units at most: <c>3d4h</c>, <c>12m</c>, <c>45s</c>.</summary>
internal static class Ages
{
    /// <summary>The age as text.</summary>
    public static string Of(TimeSpan age) => age switch
    {
        { TotalSeconds: < 120 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, (int)age.TotalSeconds)}s"),
        { TotalHours: < 2 } => string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalMinutes}m"),
        { TotalDays: < 2 } => string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalHours}h"),
        { TotalDays: < 8 } => string.Create(CultureInfo.InvariantCulture, $"{age.Days}d{age.Hours}h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{age.Days}d"),
    };
}
