namespace MonoRepo.Deploy.Images;

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
                ? new(found.Digest, time.GetUtcNow())
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
