namespace MonoRepo.Hosting.Run.Orchestration;

/// <summary>The time at the start of a log line.</summary>
internal static class LogTimestamp
{
    private const string Zeros = "0000000";

    /// <summary>
    /// <c>2026-11-20T11:39:00.28Z text</c> to <c>2026-11-20T11:39:00.2800000Z text</c>: DCP drops zeros at the end, the
    /// dashboard wants all seven digits.
    /// </summary>
    public static string Lengthen(string line)
    {
        const int seconds = 19;
        var end = line.IndexOf('Z', StringComparison.Ordinal);
        if (end < seconds || end > seconds + 1 + Zeros.Length + 2)
        {
            return line;
        }

        var fraction = end > seconds ? line[(seconds + 1)..end] : "";
        return $"{line[..seconds]}.{(fraction + Zeros)[..Zeros.Length]}{line[end..]}";
    }
}
