using System.CommandLine;
using Aspire.Hosting;
using Aspire.Hosting.Pipelines;

namespace MonoRepo.Hosting;

/// <summary>
/// A command of the AppHost, such as <c>dotnet run --project AppHost -- publish</c>. Integrations add theirs to the services.
/// </summary>
internal abstract class AppHostCommand(string name, string description) : Command(name, description)
{
    /// <summary>
    /// Executes the command and returns the exit code of the process: one of <see cref="ExitCodes"/>. It sees itself which of its
    /// subcommands was parsed.
    /// </summary>
    /// <exception cref="DistributedApplicationException">The command failed; the message is printed and the exit code is
    /// 1.</exception>
    /// <exception cref="BadUsageException">The command line is wrong; the message is printed and the exit code is 2.</exception>
    public abstract Task<int> ExecuteAsync(CommandContext context, CancellationToken cancellationToken);
}

/// <summary>What a command works with.</summary>
internal sealed record CommandContext(IServiceProvider Services, ParseResult Arguments)
{
    /// <summary>The application, built and not started; null in a step of the pipeline, which runs inside of it.</summary>
    public DistributedApplication? Application { get; init; }

    /// <summary>
    /// The step of the pipeline that executes the command, such as <c>aspire deploy</c>'s; null: the command line does.
    /// </summary>
    public PipelineStepContext? Step { get; init; }

    /// <summary>Where results are written.</summary>
    public TextWriter Output { get; init; } = Console.Out;

    /// <summary>Where errors and progress are written.</summary>
    public TextWriter Error { get; init; } = Console.Error;
}
