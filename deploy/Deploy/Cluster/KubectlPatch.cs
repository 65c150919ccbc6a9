namespace MonoRepo.Deploy.Cluster;

/// <summary>A change to an object.</summary>
/// <param name="Json">The patch.</param>
/// <param name="Type"><c>merge</c> (RFC 7396), <c>json</c> (RFC 6902) or <c>strategic</c>.</param>
/// <param name="Subresource"><c>status</c> or <c>scale</c>; null: the object itself.</param>
public sealed record KubectlPatch(string Json, string Type = "merge", string? Subresource = null);
