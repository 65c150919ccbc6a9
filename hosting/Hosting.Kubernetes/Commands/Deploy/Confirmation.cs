using Aspire.Hosting;
using Aspire.Hosting.Pipelines;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>Asks for confirmation of a destructive operation.</summary>
internal static class Confirmation
{
    /// <summary>Whether the user confirms.</summary>
    /// <exception cref="BadUsageException">The session isn't interactive.</exception>
    public static Task<bool> AskAsync(CommandContext context, string question, CancellationToken cancellationToken) =>
        context.Step is null ? Task.FromResult(Ask(context, question)) : AskAspireAsync(context, question, cancellationToken);

    private static bool Ask(CommandContext context, string question)
    {
        if (Console.IsInputRedirected)
        {
            throw new BadUsageException("Confirmation requires a terminal. Use --yes to skip it.");
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
            throw new BadUsageException("Confirmation requires an interactive session. Use --yes to skip it.");
        }

        var answer = await interaction.PromptConfirmationAsync("Delete", question, cancellationToken: cancellationToken);
        return answer is { Canceled: false, Data: true };
    }
}
