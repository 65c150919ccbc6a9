using MonoRepo.Deploy.Cluster;

namespace MonoRepo.Deploy.Setup;

/// <summary>What became of an object.</summary>
/// <param name="Step">The step that it belongs to.</param>
/// <param name="Object">The object.</param>
/// <param name="Did"><c>created</c>, <c>changed</c> or <c>unchanged</c>.</param>
internal sealed record SetupResult(string Step, ObjectKey Object, string Did);
