using System.Text;

namespace MonoRepo.Deploy.Rendering;

/// <summary>
/// Lines of <c>KEY=value</c> as kustomize's generator reads them: the value is everything after the first <c>=</c>, without
/// quotes and escapes. See <see cref="CanHold"/> for what a line cannot hold.
/// </summary>
internal static class SettingsFile
{
    // bufio.Scanner, by which kustomize reads lines, takes 64 KiB at most.
    private const int LongestValue = 60_000;

    /// <summary>
    /// Whether a line can hold a value: it has no line break, nor a carriage return at its end, which is taken for one.
    /// </summary>
    public static bool CanHold(string value) =>
        !value.Contains('\n', StringComparison.Ordinal) && !value.EndsWith('\r')
        && Encoding.UTF8.GetByteCount(value) <= LongestValue;

    /// <summary>The text of a file.</summary>
    public static string Write(IReadOnlyDictionary<string, string> values)
    {
        var text = new StringBuilder(Layout.GeneratedHeader);
        foreach (var (key, value) in values)
        {
            text.Append(key).Append('=').Append(value).Append('\n');
        }

        return text.ToString();
    }

    public static IEnumerable<KeyValuePair<string, string>> Read(string text) =>
        from line in text.Split('\n')
        where line.Length > 0 && line[0] != '#'
        let at = line.IndexOf('=', StringComparison.Ordinal)
        where at > 0
        select KeyValuePair.Create(line[..at], line[(at + 1)..]);
}
