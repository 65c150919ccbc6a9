namespace MonoRepo.Deploy.Cluster;

/// <summary>Messages of the cluster for a line of output.</summary>
internal static class OneLine
{
    private const int Longest = 300;

    /// <summary>
    /// Without line breaks and other control characters, which could move a terminal's cursor; cut where it goes on and on.
    /// </summary>
    public static string Of(string? text, int longest = Longest)
    {
        var line = string.Join(' ', (text ?? "").Split([' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries));
        line = line.Any(char.IsControl) ? string.Concat(line.Where(c => !char.IsControl(c))) : line;
        return line.Length > longest ? line[..longest] + "…" : line;
    }
}
