using System.CommandLine;
using Aspire.Hosting;

namespace MonoRepo.Hosting.App.Verbs;

/// <summary>What a verb works with.</summary>
/// <param name="Application">The application, built and not started.</param>
/// <param name="Arguments">The parsed command line.</param>
/// <param name="RunHostAsync">Starts the application and waits until it is stopped, by Ctrl+C for example.</param>
public sealed record VerbContext(DistributedApplication Application, ParseResult Arguments, Func<CancellationToken, Task> RunHostAsync)
{
    /// <summary>Services of the application.</summary>
    public IServiceProvider Services => Application.Services;

    /// <summary>Where results are written.</summary>
    public TextWriter Output { get; init; } = Console.Out;

    /// <summary>Where faults are written.</summary>
    public TextWriter Error { get; init; } = Console.Error;
}
