namespace MonoRepo.Deploy.Images;

/// <summary>The programs that build images: dotnet, docker, podman.</summary>
internal interface IBuildTool
{
    /// <summary>Runs a program to its end.</summary>
    /// <param name="cancellationToken">Ends the program and what it started.</param>
    /// <returns>How it ended; null where there is no such program.</returns>
    Task<BuildToolResult?> RunAsync(BuildToolRun run, CancellationToken cancellationToken);
}

/// <param name="Program">Name on the PATH, or path.</param>
internal sealed record BuildToolRun(string Program, IReadOnlyList<string> Arguments, string WorkingDirectory)
{
    /// <summary>Variables that it gets besides ours.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}

/// <summary>How a program ended.</summary>
/// <param name="ExitCode">0 is success.</param>
/// <param name="Lines">What it printed, on both of its outputs.</param>
internal sealed record BuildToolResult(int ExitCode, IReadOnlyList<string> Lines)
{
    /// <summary>What it printed on standard output.</summary>
    public IReadOnlyList<string> Output { get; init; } = Lines;
}
