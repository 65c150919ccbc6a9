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
