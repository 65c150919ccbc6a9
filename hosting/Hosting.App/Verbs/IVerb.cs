using System.CommandLine;
using Aspire.Hosting;

namespace MonoRepo.Hosting.App.Verbs;

/// <summary>Something that the AppHost's command line can be told to do.</summary>
public interface IVerb
{
    /// <summary>Name, description, options and arguments. Subcommands are verbs' own affair: the verb sees which one was parsed.</summary>
    Command Command { get; }

    /// <summary>What it does with the graph: most verbs publish.</summary>
    DistributedApplicationOperation Operation { get; }

    /// <summary>Does it, and says how it went: 0 done, 1 failed, 2 bad usage, 16 differences found.</summary>
    /// <exception cref="DistributedApplicationException">It could not be done; the message is printed and the exit code is 1.</exception>
    Task<int> ExecuteAsync(VerbContext context, CancellationToken cancellationToken);
}
