using MonoRepo.Deploy.Model;

namespace MonoRepo.Deploy.Cluster;

/// <summary>A command to run in a container.</summary>
/// <param name="Pod">The pod.</param>
/// <param name="Container">The container; null: the pod's default one.</param>
/// <param name="Command">Program and arguments.</param>
/// <param name="Input">What the command reads; null: nothing.</param>
public sealed record KubectlExec(string Pod, string? Container, IReadOnlyList<string> Command, string? Input = null)
{
    /// <summary>Told each line of the output as it comes; null: nobody.</summary>
    public Action<string>? Line { get; init; }
}

/// <summary>How a command in a container ended.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">What it wrote.</param>
/// <param name="Error">What it wrote to standard error.</param>
public sealed record KubectlExecution(int ExitCode, string Output, string Error);
