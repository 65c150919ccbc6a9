namespace MonoRepo.Deploy.Logs;

/// <summary>A line that a container wrote.</summary>
/// <param name="Time">When, as the kubelet noted it: <c>2026-11-21T14:00:00.123456789Z</c>, comparable as text.</param>
internal sealed record LogLine(LogSource Source, string Time, string Text)
{
    /// <summary>Splits what kubectl prints with <c>--timestamps</c>.</summary>
    public static LogLine Parse(LogSource source, string line)
    {
        var end = line.IndexOf(' ', StringComparison.Ordinal);
        return end < 0 ? new(source, line, "") : new(source, line[..end], line[(end + 1)..]);
    }
}
