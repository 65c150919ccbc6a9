using MonoRepo.Deploy.Cluster;

namespace MonoRepo.Deploy.Setup;

/// <summary>What became of an object.</summary>
/// <param name="Did"><c>created</c>, <c>changed</c> or <c>unchanged</c>.</param>
internal sealed record SetupResult(string Step, ObjectKey Object, string Did);
