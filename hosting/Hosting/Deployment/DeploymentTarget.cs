namespace MonoRepo.Hosting;

/// <summary>Where an environment is.</summary>
/// <param name="Context">The only kube context that it may be applied to.</param>
/// <param name="Namespace">Its namespace; for <c>personal</c> the user's own takes its place.</param>
/// <param name="Registry">Registry that built images are pushed to and pulled from, with port and path if any; null: names stay
/// short.</param>
/// <param name="Line">Where it was declared.</param>
public sealed record DeploymentTarget(string Context, string Namespace, string? Registry, SourceLine Line);
