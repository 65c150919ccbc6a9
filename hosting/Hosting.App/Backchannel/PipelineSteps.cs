using Aspire.Hosting;
using Microsoft.Extensions.Configuration;

namespace MonoRepo.Hosting.App.Backchannel;

/// <summary>A step that Aspire's own arguments can ask for, and the verb that does it.</summary>
/// <param name="Name">As in <c>--step publish</c> and <c>aspire do publish</c>.</param>
/// <param name="Verb">The verb.</param>
/// <param name="Description">What it does.</param>
internal sealed record PipelineStep(string Name, string Verb, string Description);

/// <summary>The steps of Aspire's pipeline that there are here.</summary>
internal static class PipelineSteps
{
    /// <summary>The argument <c>--publisher</c> of Aspire before it had steps.</summary>
    private const string ManifestPublisher = "manifest";

    internal static IReadOnlyList<PipelineStep> All { get; } =
    [
        new("publish", "publish", "Writes the graph as Kubernetes manifests with an overlay per environment."),
        new("publish-manifest", "manifest", "Writes aspire-manifest.json."),
    ];

    /// <summary>The step that is asked for: by name, by publisher, or the first.</summary>
    /// <exception cref="DistributedApplicationException">There is no such step.</exception>
    internal static PipelineStep Asked(IConfiguration configuration)
    {
        var name = configuration["Pipeline:Step"] ?? (configuration["Publishing:Publisher"] == ManifestPublisher ? "publish-manifest" : "publish");
        return All.FirstOrDefault(s => s.Name == name)
            ?? throw new DistributedApplicationException($"Step '{name}' not found in pipeline. Available steps: {string.Join(", ", All.Select(s => $"'{s.Name}'"))}");
    }
}
