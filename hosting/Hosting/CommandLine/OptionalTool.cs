namespace MonoRepo.Hosting;

/// <summary>
/// A program that only some uses of an integration need. Add it to the builder's services; <c>doctor</c> looks for it.
/// </summary>
/// <param name="Name">Name on the PATH.</param>
/// <param name="VersionArguments">Arguments that make it print its version.</param>
/// <param name="NeededBy">Who needs it, in a few words: "deployments".</param>
public sealed record OptionalTool(string Name, IReadOnlyList<string> VersionArguments, string NeededBy);
