using System.Text;
using MonoRepo.Deploy.Apply;
using MonoRepo.Deploy.Images;
using MonoRepo.Deploy.Model;
using MonoRepo.Hosting.Kubernetes.Comparison;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>A comparison of environments as tables.</summary>
internal static class EnvironmentsText
{
    /// <param name="isWide">With the images, replicas and settings that they differ in.</param>
    public static string Create(EnvironmentComparison comparison, bool isWide)
    {
        var text = new StringBuilder();
        string[] header = ["environment", "context", "namespace", "registry", "resources", "pinned"];
        Table(text, [
            header,
            .. comparison.Environments.Select(
                e => new[] { e.Name, e.Context, e.Namespace, e.Registry ?? "-", $"{e.Resources}", $"{e.Pinned} of {e.Images}" }),
        ]);
        if (!isWide)
        {
            return text.ToString();
        }

        Section(text, comparison, "image", comparison.Pins, v =>
            v.StartsWith("sha256:", StringComparison.Ordinal) ? PinChange.Short(v) : v);
        Section(text, comparison, "replicas", comparison.Replicas, v => v);
        Section(text, comparison, "settings that differ", comparison.Settings, v => v);
        return text.ToString();
    }

    private static void Section(
        StringBuilder text, EnvironmentComparison comparison, string title, IReadOnlyList<ComparedValue> rows,
        Func<string, string> show)
    {
        if (rows.Count > 0)
        {
            var environments = comparison.Environments.Select(e => e.Name).ToList();
            text.Append('\n');
            Table(text, [
                [title, .. environments],
                .. rows.Select(r =>
                    new[] { r.Subject }.Concat(environments.Select(e => r.Values[e] is { } value ? show(value) : "-")).ToArray()),
            ]);
        }
    }

    private static void Table(StringBuilder text, List<string[]> rows)
    {
        var widths = Enumerable.Range(0, rows[0].Length).Select(c => rows.Max(r => r[c].Length)).ToList();
        rows.ForEach(
            row => text.Append(string.Join("  ", row.Select((cell, c) => cell.PadRight(widths[c]))).TrimEnd()).Append('\n'));
    }
}
