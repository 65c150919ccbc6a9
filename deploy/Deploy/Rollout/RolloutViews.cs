using System.Globalization;
using MonoRepo.Deploy.ConsoleOutput;

namespace MonoRepo.Deploy.Rollout;

/// <summary>The view that fits where the output goes.</summary>
internal static class RolloutViews
{
    /// <summary>The live tree on a terminal, plain lines elsewhere.</summary>
    public static IRolloutView For(TextWriter output) => Terminal.Is(output)
        ? new TerminalRolloutView(Terminal.Area(output))
        : new PlainRolloutView(output);
}

/// <summary>Where a person sees how far things are.</summary>
internal interface IRolloutView
{
    /// <summary>Shows the present state.</summary>
    void Show(RolloutTree tree, TimeSpan elapsed);

    /// <summary>Writes a line in passing, such as that the cluster doesn't answer.</summary>
    void Report(string line);

    /// <summary>Leaves the screen as it should stay.</summary>
    void End();
}

/// <summary>For files, pipes and CI: a line whenever something changed.</summary>
internal sealed class PlainRolloutView(TextWriter output) : IRolloutView
{
    private readonly Dictionary<string, string> _shown = [];

    public void Show(RolloutTree tree, TimeSpan elapsed)
    {
        foreach (var resource in tree.Resources)
        {
            Changed(RolloutLines.Name(resource), RolloutLines.Summary(resource));
            foreach (var (pod, text) in RolloutLines.Pods(resource))
            {
                Changed("  " + pod, text);
            }
        }
    }

    public void Report(string line) => output.WriteLine(line);

    public void End() => output.Flush();

    private void Changed(string name, string text)
    {
        if (_shown.GetValueOrDefault(name) != text)
        {
            _shown[name] = text;
            output.WriteLine($"{name}: {text}");
        }
    }
}

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
