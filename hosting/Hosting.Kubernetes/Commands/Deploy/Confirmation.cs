using Aspire.Hosting;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>Asks before something is lost.</summary>
internal static class Confirmation
{
    /// <summary>Whether the one who types says yes.</summary>
    /// <exception cref="BadUsageException">Nobody is there to ask.</exception>
    public static bool Ask(string question, TextWriter writer)
    {
        if (Console.IsInputRedirected)
        {
            throw new BadUsageException("There is no terminal to ask on. --yes says it is meant.");
        }

        writer.Write($"{question} [y/N] ");
        return Console.ReadLine()?.Trim().ToLowerInvariant() is "y" or "yes";
    }
}
