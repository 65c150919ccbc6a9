using System.CommandLine;
using System.Text;
using System.Text.Json;
using MonoRepo.Deploy.Apply;
using MonoRepo.Deploy.Images;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Rendering;
using MonoRepo.Hosting.Kubernetes.Comparison;
using MonoRepo.Hosting.Kubernetes.Overlays;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>Lists and compares environments: pins, replicas, settings that differ.</summary>
internal sealed class EnvironmentsCommand : DeploymentCommand
{
    private readonly Argument<string[]> _names = NamesArgument.Create("name", "Environments; all when none is named.");
    private readonly OutputOption _output = new(isWide: true);

    public EnvironmentsCommand()
        : base("environments", "List environments; with -o wide compare them: image digests, replicas, settings that differ.")
    {
        Add(_names);
        Add(_output);
    }

    protected override async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var model = PublishedGraph.Model(context);
        var names = context.Arguments.GetValue(_names) is { Length: > 0 } given
            ? given
            : [.. model.Environments.Select(e => e.Name)];
        var targets = names.Select(n => EnvironmentTarget.Find(context, model, n)).ToList();
        var tree = ManifestTree.InMemory(Publication.Build(model), PublishedGraph.Root(context));
        var comparison = EnvironmentComparison.Create(
            tree, [.. targets.Select(t => (t.Environment, t.Cluster.Context, t.Cluster.Namespace, t.Registry))]);
        if (_output.IsStructured(context))
        {
            await _output.WriteAsync(context, JsonSerializer.SerializeToNode(comparison, JsonSerializerOptions.Web)!);
        }
        else
        {
            await context.Output.WriteAsync(EnvironmentsText.Create(comparison, _output.IsWide(context)));
        }

        return ExitCodes.Done;
    }
}

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
