using MonoRepo.Hosting.Kubernetes.Deploy.Screen;

namespace MonoRepo.Hosting.Kubernetes.Deploy.Waiting;

/// <summary>The view that fits where the output goes.</summary>
public static class RolloutViews
{
    /// <summary>The live tree on a terminal, plain lines elsewhere.</summary>
    public static IRolloutView For(TextWriter output) => Terminal.Is(output) ? new TerminalRolloutView(Terminal.Area(output)) : new PlainRolloutView(output);
}
