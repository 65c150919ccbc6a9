using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Apply;

/// <summary>What is to be applied.</summary>
internal sealed record DeployRequest(string Application, string Environment, IReadOnlyList<YamlMap> Objects, ChangeScope Scope)
{
    /// <summary>What the history calls it.</summary>
    public string Command { get; init; } = "apply";

    /// <summary>What the history says of it besides.</summary>
    public string? Note { get; init; }

    /// <summary>Nothing of it may exist yet.</summary>
    public bool CreateOnly { get; init; }

    /// <summary>Takes over fields that others have set since; each is said.</summary>
    public bool TakeFields { get; init; }

    /// <summary>Jobs that are not among the objects stay.</summary>
    public bool KeepJobs { get; init; }

    /// <summary>Takes over objects that are not ours.</summary>
    public bool TakeObjects { get; init; }
}
