using System.Text;

namespace MonoRepo.Deploy.Files;

/// <summary>A unified diff with three lines of context, as <c>diff -u</c> writes it.</summary>
internal static class UnifiedDiff
{
    private const int Context = 3;

    /// <summary>The difference of two texts; empty where they are equal.</summary>
    /// <param name="path">Name in the header.</param>
    /// <param name="before">Old text; empty: the file is new.</param>
    /// <param name="after">New text; empty: the file goes.</param>
    public static string Between(string path, string before, string after)
    {
        if (before == after)
        {
            return "";
        }

        var edits = Edits(Lines(before), Lines(after));
        var text = new StringBuilder()
            .Append(before.Length == 0 ? "--- /dev/null\n" : $"--- a/{path}\n")
            .Append(after.Length == 0 ? "+++ /dev/null\n" : $"+++ b/{path}\n");
        foreach (var (start, end) in Hunks(edits))
        {
            Hunk(text, edits, start, end);
        }

        return text.ToString();
    }

    private static string[] Lines(string text) => text.Length == 0 ? [] : text.TrimEnd('\n').Split('\n');

    /// <summary>Longest common subsequence between the equal head and tail; each line as kept, removed or added.</summary>
    private static List<(char Sign, string Line)> Edits(string[] a, string[] b)
    {
        var head = 0;
        while (head < a.Length && head < b.Length && a[head] == b[head])
        {
            head++;
        }

        var tail = 0;
        while (tail < a.Length - head && tail < b.Length - head && a[^(tail + 1)] == b[^(tail + 1)])
        {
            tail++;
        }

        var (rows, columns) = (a.Length - head - tail, b.Length - head - tail);
        var common = new int[rows + 1, columns + 1];
        for (var i = rows - 1; i >= 0; i--)
        {
            for (var j = columns - 1; j >= 0; j--)
            {
                common[i, j] = a[head + i] == b[head + j]
                    ? common[i + 1, j + 1] + 1
                    : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }

        List<(char, string)> edits = [.. a.Take(head).Select(l => (' ', l))];
        for (int i = 0, j = 0; i < rows || j < columns;)
        {
            if (i < rows && j < columns && a[head + i] == b[head + j])
            {
                edits.Add((' ', a[head + i++]));
                j++;
            }
            else if (j >= columns || (i < rows && common[i + 1, j] >= common[i, j + 1]))
            {
                edits.Add(('-', a[head + i++]));
            }
            else
            {
                edits.Add(('+', b[head + j++]));
            }
        }

        edits.AddRange(a.Skip(a.Length - tail).Select(l => (' ', l)));
        return edits;
    }

    private static IEnumerable<(int Start, int End)> Hunks(List<(char Sign, string Line)> edits)
    {
        var start = -1;
        var last = 0;
        for (var i = 0; i < edits.Count; i++)
        {
            if (edits[i].Sign == ' ')
            {
                continue;
            }

            if (start >= 0 && i - last > 2 * Context)
            {
                yield return (start, Math.Min(edits.Count, last + Context + 1));
                start = -1;
            }

            start = start < 0 ? Math.Max(0, i - Context) : start;
            last = i;
        }

        if (start >= 0)
        {
            yield return (start, Math.Min(edits.Count, last + Context + 1));
        }
    }

    private static void Hunk(StringBuilder text, List<(char Sign, string Line)> edits, int start, int end)
    {
        var (beforeLine, afterLine) = (Count(edits, 0, start, '+'), Count(edits, 0, start, '-'));
        var (beforeCount, afterCount) = (Count(edits, start, end, '+'), Count(edits, start, end, '-'));
        text.Append(System.Globalization.CultureInfo.InvariantCulture,
            $"@@ -{(beforeCount == 0 ? beforeLine : beforeLine + 1)},{beforeCount} " +
            $"+{(afterCount == 0 ? afterLine : afterLine + 1)},{afterCount} @@\n");
        for (var i = start; i < end; i++)
        {
            text.Append(edits[i].Sign).Append(edits[i].Line).Append('\n');
        }
    }

    private static int Count(List<(char Sign, string Line)> edits, int start, int end, char without)
    {
        var count = 0;
        for (var i = start; i < end; i++)
        {
            count += edits[i].Sign == without ? 0 : 1;
        }

        return count;
    }
}
