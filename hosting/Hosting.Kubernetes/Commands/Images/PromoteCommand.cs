using System.CommandLine;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using MonoRepo.Deploy.Images;
using MonoRepo.Deploy.Rendering;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>
/// Writes image digests into the pins of an environment: from another environment, from a registry, or of what is built here.
/// </summary>
internal sealed class PromoteCommand : DeploymentCommand
{
    private readonly Argument<string[]> _resources = NamesArgument.Create("resource", "Resources; all when none is named.");
    private readonly Option<string?> _from =
        new("--from") { Description = "Environment whose digests are copied.", HelpName = "name" };
    private readonly Option<string> _to =
        new("--to") { Description = "Environment whose pins are written.", HelpName = "name", Required = true };
    private readonly Option<bool> _resolve =
        new("--resolve") { Description = "Look the digests of third-party images up in their registries." };
    private readonly Option<bool> _build =
        new("--build") { Description = "Build what changed, push it to the environment's registry and pin that." };
    private readonly Option<bool> _check =
        new("--check") { Description = "Write nothing; list what is behind and exit with 16." };
    private readonly Option<bool> _afterCanary =
        new("--after-canary") { Description = "Refuse digests that have passed no canary in either environment." };
    private readonly ImageOptions _images;

    public PromoteCommand()
        : base("promote", "Write image digests into an environment's pins, and nothing else.")
    {
        Add(_resources);
        Add(_from);
        Add(_to);
        Add(_resolve);
        Add(_build);
        Add(_check);
        Add(_afterCanary);
        _images = new(this);
        Validators.Add(result =>
        {
            if ((result.GetValue(_from) is null ? 0 : 1) + (result.GetValue(_resolve) ? 1 : 0) +
                (result.GetValue(_build) ? 1 : 0) != 1)
            {
                result.AddError("Name where digests come from: one of --from ENVIRONMENT, --resolve and --build.");
            }
            else if (string.Equals(result.GetValue(_from), result.GetValue(_to), StringComparison.OrdinalIgnoreCase))
            {
                result.AddError("--from and --to name the same environment. Name another one.");
            }
            else if (result.GetValue(_build) && result.GetValue(_check))
            {
                result.AddError("--check builds nothing; compare with --from ENVIRONMENT or --resolve.");
            }
        });
    }

    protected override async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var (model, root) = (PublishedGraph.Model(context), PublishedGraph.Root(context));
        var to = EnvironmentTarget.Find(context, model, context.Arguments.GetValue(_to)!);
        var environment = new EnvironmentContext(context, to, model);
        if (environment.FindOutdatedFiles() is { } outdated)
        {
            await context.Error.WriteLineAsync($"warning: {outdated}.");
        }

        var resources = context.Arguments.GetValue(_resources) ?? [];
        var images = new Renderer(environment.Tree).FindImages(to.Environment, resources);
        IReadOnlyDictionary<string, string> wanted;
        if (context.Arguments.GetValue(_from) is { } name)
        {
            var from = EnvironmentTarget.Find(context, model, name);
            var pinned = ImagePins.Read(root, from.Environment);
            wanted = pinned.Digests;
            images = [.. images.Select(i => i with { Tag = pinned.FindOutdated(i) ?? i.Tag })];
            ThrowIfMissing([
                .. images.Where(i => i.IsBuiltHere && !wanted.ContainsKey(i.Name)),
            ], from.Environment, "Pin them there first, with `promote --build --to` or from another environment.");
            await RemarkAsync(context, from, to);
        }
        else if (context.Arguments.GetValue(_resolve))
        {
            images = [.. images.Where(i => !i.IsBuiltHere)];
            wanted = await ResolveAsync(images, cancellationToken);
        }
        else
        {
            images = [.. images.Where(i => i.IsBuiltHere)];
            wanted = await _images.BuildAsync(environment, new(resources, Deep: false), context.Error, cancellationToken);
        }

        var pins = ImagePins.Read(root, to.Environment);
        var plan = PinPlan.Of(images, wanted, pins);
        foreach (var change in plan.Changes)
        {
            await context.Output.WriteLineAsync(change.ToString());
        }

        foreach (var image in plan.Missing)
        {
            await context.Error.WriteLineAsync(
                $"{image.Name}: has no digest in '{context.Arguments.GetValue(_from)}'. `promote --resolve --to " +
                $"{context.Arguments.GetValue(_from)}` looks it up.");
        }

        if (context.Arguments.GetValue(_check))
        {
            return plan.Changes.Count > 0 ? ExitCodes.Differences : ExitCodes.Done;
        }

        if (context.Arguments.GetValue(_afterCanary))
        {
            EnvironmentContext[] places = context.Arguments.GetValue(_from) is { } source
                ? [environment, new(context, EnvironmentTarget.Find(context, model, source), model)] : [environment];
            await JudgedImages.ThrowIfNotPassedAsync(plan.Changes, places, cancellationToken);
        }

        plan.Write(pins, root, to.Environment);
        await context.Output.WriteLineAsync(plan.Changes.Count switch
        {
            0 => $"'{to.Environment}' has these images already.",
            1 => $"1 image pinned in '{to.Environment}'. Commit k8s/overlays/{to.Environment}/images.",
            var count => $"{count} images pinned in '{to.Environment}'. Commit k8s/overlays/{to.Environment}/images.",
        });
        return ExitCodes.Done;
    }

    private static async Task<IReadOnlyDictionary<string, string>> ResolveAsync(
        IReadOnlyList<UsedImage> images, CancellationToken cancellationToken)
    {
        using var registry = new RegistryClient();
        var found = await Task.WhenAll(images.Select(async image =>
        {
            var reference = RegistryReference.Parse(new ImageReference(image.Name, image.Tag, null).ToString());
            return await registry.FindAsync(reference, cancellationToken) is { } digest
                ? (image.Name, Digest: digest)
                : throw new DistributedApplicationException(
                    $"The registry {reference.Host} has no image {reference}. Fix the image tag in AppHost/Program.cs.");
        }));
        return found.ToDictionary(f => f.Name, f => f.Digest);
    }

    private static void ThrowIfMissing(List<UsedImage> missing, string environment, string fix)
    {
        if (missing.Count > 0)
        {
            throw new DistributedApplicationException(
                $"'{environment}' has no digest of {string.Join(", ", missing.Select(i => i.Name))}. {fix}");
        }
    }

    /// <summary>A digest means an image wherever it is, but it has to be there.</summary>
    private static async Task RemarkAsync(CommandContext context, EnvironmentTarget from, EnvironmentTarget to)
    {
        if (!string.Equals(from.Registry, to.Registry, StringComparison.Ordinal))
        {
            await context.Error.WriteLineAsync(
                $"'{to.Environment}' pulls from {to.Registry ?? "no registry"}, '{from.Environment}' from " +
                $"{from.Registry ?? "none"}: copy the images there, or let both use one registry.");
        }
    }
}
