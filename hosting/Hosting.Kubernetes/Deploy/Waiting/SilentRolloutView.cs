namespace MonoRepo.Hosting.Kubernetes.Deploy.Waiting;

/// <summary>For scripts, who read the result only.</summary>
public sealed class SilentRolloutView : IRolloutView
{
    /// <inheritdoc/>
    public void Show(RolloutTree tree, TimeSpan elapsed)
    {
    }

    /// <inheritdoc/>
    public void Say(string line)
    {
    }

    /// <inheritdoc/>
    public void End()
    {
    }
}
