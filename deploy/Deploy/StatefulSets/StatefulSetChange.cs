using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.StatefulSets;

/// <summary>A StatefulSet that is about to be applied.</summary>
/// <param name="Live">As it is, with managed fields; null: it does not exist (yet, or since an apply that was interrupted while
/// replacing it).</param>
/// <param name="Wanted">As rendered.</param>
internal sealed record StatefulSetChange(YamlMap? Live, YamlMap Wanted);
