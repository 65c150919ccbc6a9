namespace MonoRepo.Deploy.Rollout;

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
