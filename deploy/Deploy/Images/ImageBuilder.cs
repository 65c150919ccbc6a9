using MonoRepo.Deploy.Processes;

namespace MonoRepo.Deploy.Images;

/// <summary>
/// Sees to it that a registry has the images of the graph, and says which they are. What did not change is neither built nor
/// pushed.
/// </summary>
internal sealed class ImageBuilder(IProcessRunner processes, RegistryClient registry, ImagePaths paths, TimeProvider time)
{
    // Tags of one hash in every repository: hash of the inputs.
    private const string InputsTag = "inputs-";
    private const int TagDigits = 40;

    private readonly ProjectImageBuild _projects = new(processes, registry, paths);
    private readonly DockerfileImageBuild _dockerfiles = new(processes, paths);
    private readonly BaseImageLookup _baseImages = new(registry, time);

    /// <summary>Builds what changed.</summary>
    /// <param name="report">Told of every step of every image, from any thread.</param>
    /// <returns>Name of the image to <c>sha256:…</c>, as the registry says it: what a manifest names.</returns>
    /// <exception cref="DeployException">An image cannot be built or pushed; one line says why.</exception>
    public async Task<IReadOnlyDictionary<string, string>> BuildAsync(
        IReadOnlyList<ImageSource> sources, ImageBuildOptions options, Action<ImageReport> report,
        CancellationToken cancellationToken)
    {
        using var turn = await BuildLock.TakeAsync(
            paths, () => sources.ToList().ForEach(s => report(new(s.Name, ImageStep.Waiting, null))), cancellationToken);
        var state = ImageState.Read(paths.StateFile);
        var (plans, hash) = await PlanAsync(sources, options, state, cancellationToken);
        var found = await Task.WhenAll(plans.Select(p =>
            options.Rebuild ? Task.FromResult<string?>(null) : FindAsync(p, state, cancellationToken)));

        var digests = new Dictionary<string, string>();
        for (var i = 0; i < plans.Count; i++)
        {
            if (found[i] is { } digest)
            {
                digests[plans[i].Source.Name] = digest;
                report(new(plans[i].Source.Name, ImageStep.Unchanged, digest));
            }
        }

        var changed = plans.Where(p => !digests.ContainsKey(p.Source.Name)).ToList();
        changed.ForEach(p => report(new(p.Source.Name, ImageStep.Building, null)));
        var built = (await _projects.BuildAsync([.. changed.Where(p => p.Source is ProjectImageSource)], cancellationToken))
            .Concat(await _dockerfiles.BuildAsync(
                [.. changed.Where(p => p.Source is DockerfileImageSource)], cancellationToken));
        foreach (var (plan, pushed) in built)
        {
            digests[plan.Source.Name] = await KeepAsync(plan, pushed, cancellationToken);
            report(new(plan.Source.Name, ImageStep.Pushed, digests[plan.Source.Name]));
        }

        state.Write(paths.StateFile);
        return digests;

        // What changed while it was built is built again next time.
        async Task<string> KeepAsync(ImagePlan plan, string pushed, CancellationToken cancellation)
        {
            if (hash(plan.Source) != plan.Inputs)
            {
                return await registry.FindAsync(plan.Reference with { Digest = pushed }, cancellation)
                    ?? throw new DeployException(
                        $"{plan.Source.Name}: the registry {plan.Reference.Host} has lost what was pushed to it just now " +
                        $"({pushed}).");
            }

            // Who built the same sooner on another machine has deployed it: their image stays the one of these inputs.
            var theirs = options.Rebuild ? null : await registry.FindAsync(plan.Reference with { Tag = Tag(plan) }, cancellation);
            var digest = theirs
                ?? await registry.TagAsync(plan.Reference with { Digest = pushed }, Tag(plan), cancellation);
            state.Images[plan.Reference.ToString()] = new(plan.Inputs, digest);
            return digest;
        }
    }

    /// <summary>Says what is built and unchanged; builds nothing.</summary>
    /// <returns>Name of the image to <c>sha256:…</c>, without those that would be built.</returns>
    public async Task<IReadOnlyDictionary<string, string>> FindAsync(
        IReadOnlyList<ImageSource> sources, ImageBuildOptions options, CancellationToken cancellationToken)
    {
        var state = ImageState.Read(paths.StateFile);
        var (plans, _) = await PlanAsync(sources, options, state, cancellationToken);
        var found = await Task.WhenAll(plans.Select(p => FindAsync(p, state, cancellationToken)));
        return plans.Zip(found).Where(p => p.Second is not null).ToDictionary(p => p.First.Source.Name, p => p.Second!);
    }

    private async Task<(List<ImagePlan> Plans, Func<ImageSource, string> Hash)> PlanAsync(
        IReadOnlyList<ImageSource> sources, ImageBuildOptions options, ImageState state, CancellationToken cancellationToken)
    {
        var known = _projects.KnownAsync([.. sources.OfType<ProjectImageSource>()], state, cancellationToken);
        var baseImage = sources.OfType<ProjectImageSource>().Any()
            ? await _baseImages.FindAsync(options, state, cancellationToken)
            : null;
        var projects = await known;
        return (
            [.. sources.Select(
                s => new ImagePlan(s, Reference(options, s), Hash(s), s is ProjectImageSource ? baseImage : null))], Hash);

        string Hash(ImageSource source) => source switch
        {
            ProjectImageSource project =>
                InputHash.OfProject(project.ProjectPath, projects[project.ProjectPath], baseImage!, paths.Root),
            DockerfileImageSource dockerfile => InputHash.OfDockerfile(dockerfile, paths.Root),
            _ => throw new NotSupportedException(),
        };
    }

    /// <summary>The image of the same inputs, from this machine's last build or anybody's; null where there is none.</summary>
    private async Task<string?> FindAsync(ImagePlan plan, ImageState state, CancellationToken cancellationToken)
    {
        if (state.Images.TryGetValue(plan.Reference.ToString(), out var last) && last.Inputs == plan.Inputs
            && await registry.FindAsync(plan.Reference with { Digest = last.Digest }, cancellationToken) is { } kept)
        {
            return kept;
        }

        if (await registry.FindAsync(plan.Reference with { Tag = Tag(plan) }, cancellationToken) is not { } tagged)
        {
            return null;
        }

        state.Images[plan.Reference.ToString()] = new(plan.Inputs, tagged);
        return tagged;
    }

    private static RegistryReference Reference(ImageBuildOptions options, ImageSource source) =>
        RegistryReference.Parse($"{options.Registry.TrimEnd('/')}/{source.Name}");

    private static string Tag(ImagePlan plan) => InputsTag + plan.Inputs[..TagDigits];
}

/// <summary>
/// Which image a base image's tag is. Even exact versions get a new image when the distribution below has a fix, so the registry
/// is asked again after an hour; where it cannot be reached, what was found last is good enough.
/// </summary>
internal sealed class BaseImageLookup(RegistryClient registry, TimeProvider time)
{
    private static readonly TimeSpan s_fresh = TimeSpan.FromHours(1);

    /// <summary><c>registry/name:tag@sha256:…</c></summary>
    public async Task<string> FindAsync(ImageBuildOptions options, ImageState state, CancellationToken cancellationToken)
    {
        var reference = RegistryReference.Parse(options.BaseImage);
        var key = reference.ToString();
        var last = state.BaseImages.GetValueOrDefault(key);
        if (reference.Digest is not null)
        {
            return key;
        }

        if (last is null || options.Rebuild || time.GetUtcNow() - last.Found > s_fresh)
        {
            last = await AskAsync(reference, last, cancellationToken);
            state.BaseImages[key] = last;
        }

        return (reference with { Digest = last.Digest }).ToString();
    }

    private async Task<BaseImage> AskAsync(RegistryReference reference, BaseImage? last, CancellationToken cancellationToken)
    {
        try
        {
            return await registry.FindAsync(reference, cancellationToken) is { } found
                ? new(found, time.GetUtcNow())
                : throw new DeployException($"The base image {reference} wasn't found. Set another one with --base-image.");
        }
        catch (DeployException e) when (last is not null && e.InnerException is not null)
        {
            return last;
        }
        catch (DeployException e) when (e.InnerException is not null)
        {
            throw new DeployException(
                $"The base image {reference} cannot be looked up. {e.Message} --base-image names one in another registry.", e);
        }
    }
}
