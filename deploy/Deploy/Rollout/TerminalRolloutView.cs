using System.Globalization;
using MonoRepo.Deploy.ConsoleOutput;

namespace MonoRepo.Deploy.Rollout;

/// <summary>For a terminal: the tree, drawn again in place. What stays at the end is the last state.</summary>
internal sealed class TerminalRolloutView(ScreenArea area) : IRolloutView
{
    public void Show(RolloutTree tree, TimeSpan elapsed)
    {
        var ready = tree.Resources.Count(r => r.IsReady);
        area.Draw(
            [.. Lines(tree), new(
                "", string.Create(
                    CultureInfo.InvariantCulture,
                    $"{ready} of {tree.Resources.Count} ready, {elapsed.TotalSeconds:0} s"), ScreenColor.Dim)]);
    }

    public void Report(string line) => area.WriteAbove(line);

    public void End() => area.Leave();

    private static IEnumerable<ScreenLine> Lines(RolloutTree tree)
    {
        var width = tree.Resources.Select(r => RolloutLines.Name(r).Length).DefaultIfEmpty(0).Max();
        foreach (var resource in tree.Resources)
        {
            var (mark, color) = resource.State switch
            {
                RolloutState.Ready => ("✓ ", ScreenColor.Green),
                RolloutState.Failed => ("✗ ", ScreenColor.Red),
                RolloutState.Unknown => ("? ", ScreenColor.Dim),
                _ => (resource.RequiresIntervention ? "! " : "… ", ScreenColor.Yellow),
            };
            yield return new(mark, $"{RolloutLines.Name(resource).PadRight(width)}  {RolloutLines.Summary(resource)}", color);
            foreach (var (pod, text) in RolloutLines.Pods(resource))
            {
                yield return new("", $"    {pod}  {text}", ScreenColor.Dim);
            }
        }
    }
}
