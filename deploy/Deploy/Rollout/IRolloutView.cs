namespace MonoRepo.Deploy.Rollout;

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
