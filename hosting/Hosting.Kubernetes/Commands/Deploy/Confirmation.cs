using Aspire.Hosting;
using Aspire.Hosting.Pipelines;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>Asks before something is lost.</summary>
internal static class Confirmation
{
    /// <summary>Whether the one who types says yes.</summary>
    /// <exception cref="BadUsageException">Nobody is there to ask.</exception>
    public static Task<bool> AskAsync(CommandContext context, string question, CancellationToken cancellationToken) =>
        context.Step is null ? Task.FromResult(Ask(context, question)) : AskAspireAsync(context, question, cancellationToken);

    private static bool Ask(CommandContext context, string question)
    {
        if (Console.IsInputRedirected)
        {
            throw new BadUsageException("There is no terminal to ask on. Use --yes to go on without being asked.");
        }

        context.Error.Write($"{question} [y/N] ");
        return Console.ReadLine()?.Trim().ToLowerInvariant() is "y" or "yes";
    }

    /// <summary>The aspire command asks, unless it was given --yes.</summary>
    private static async Task<bool> AskAspireAsync(CommandContext context, string question, CancellationToken cancellationToken)
    {
        if (context.Services.GetRequiredService<IOptions<PipelineOptions>>().Value.SkipConfirmation)
        {
            return true;
        }

        var interaction = context.Services.GetRequiredService<IInteractionService>();
        if (!interaction.IsAvailable)
        {
            throw new BadUsageException("There is nobody to ask. Use --yes to go on without being asked.");
        }

        var answer = await interaction.PromptConfirmationAsync(
            "Delete", question, cancellationToken: cancellationToken).ConfigureAwait(false);
        return answer is { Canceled: false, Data: true };
    }
}
