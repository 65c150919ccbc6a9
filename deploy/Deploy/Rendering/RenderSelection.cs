namespace MonoRepo.Deploy.Rendering;

/// <summary>Part of an environment.</summary>
/// <param name="Resources">Names of resources; none means all.</param>
/// <param name="Deep">Those that they depend on too, and what belongs to the environment itself.</param>
internal sealed record RenderSelection(IReadOnlyCollection<string> Resources, bool Deep)
{
    /// <summary>Everything.</summary>
    public static readonly RenderSelection All = new([], true);
}
