namespace MonoRepo.Deploy.Cluster;

/// <summary>How objects are applied.</summary>
public sealed record KubectlApply
{
    /// <summary>Who owns the fields that are applied here.</summary>
    public const string FieldManager = "monorepo";

    /// <summary>The server answers as if it had, and stores nothing.</summary>
    public bool DryRun { get; init; }

    /// <summary>Takes over fields that others own.</summary>
    public bool ForceConflicts { get; init; }

    /// <summary>Another field manager than <see cref="FieldManager"/>, to hand fields over.</summary>
    public string Manager { get; init; } = FieldManager;
}
