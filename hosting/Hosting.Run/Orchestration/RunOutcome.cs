namespace MonoRepo.Hosting.Run.Orchestration;

/// <summary>How the run ends, for the exit code.</summary>
public sealed class RunOutcome
{
    /// <summary>Why the run failed; null while nothing has.</summary>
    public string? Failure { get; private set; }

    /// <summary>The run has failed; the first reason stays.</summary>
    public void Fail(string reason) => Failure ??= reason;
}
