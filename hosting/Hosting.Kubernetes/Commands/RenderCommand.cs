using System.CommandLine;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using MonoRepo.Deploy.Rendering;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>Writes the flattened manifests of an environment to standard output.</summary>
internal sealed class RenderCommand : EnvironmentCommand
{
    private readonly Option<bool> _unpinned =
        new("--unpinned") { Description = "Show images without a digest even where the environment wants digests." };

    public RenderCommand()
        : base("render", "Print the manifests of an environment as they are applied.", hasResources: true, hasDeep: true)
    {
        Add(_unpinned);
    }

    protected override async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var environment = ReadEnvironment(context);
        var rendered = environment.Render(ReadSelection(context));
        await environment.WarnAsync(rendered);
        if (!context.Arguments.GetValue(_unpinned))
        {
            PinRule.ThrowIfUnpinned(environment.Target.Environment, rendered.UnpinnedImages);
        }

        var text = ManifestText.Of(rendered.Objects);
        if (context.Services.GetRequiredService<IConfiguration>()["Pipeline:OutputPath"] is { } folder)
        {
            // The log of a step is no place for manifests: aspire do render --output-path out
            var file = Path.Combine(Directory.CreateDirectory(folder).FullName, $"{environment.Target.Environment}.yaml");
            await File.WriteAllTextAsync(file, text, cancellationToken);
            await context.Output.WriteLineAsync($"Rendered {rendered.Objects.Count} objects to {file}.");
            return ExitCodes.Done;
        }

        await context.Output.WriteAsync(text);
        return ExitCodes.Done;
    }
}
