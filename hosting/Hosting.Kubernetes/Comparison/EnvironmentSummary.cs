using MonoRepo.Deploy.Model;

namespace MonoRepo.Hosting.Kubernetes.Comparison;

/// <summary>An environment in a line.</summary>
/// <param name="Registry">Registry of what is built here; null: none.</param>
/// <param name="Resources">How many resources it has.</param>
/// <param name="Images">How many images they run.</param>
/// <param name="Pinned">How many of these have a digest in git.</param>
internal sealed record EnvironmentSummary(
    string Name, string Context, string Namespace, string? Registry, int Resources, int Images, int Pinned);
