namespace MonoRepo.Hosting;

/// <summary>The command line is wrong; the exit code is 2.</summary>
/// <param name="message">What is wrong, and what would be right.</param>
internal sealed class BadUsageException(string message) : Aspire.Hosting.DistributedApplicationException(message)
{
    /// <summary>The line that follows every message about a wrong command line.</summary>
    internal const string Hint = "Use --help to see what there is.";
}
