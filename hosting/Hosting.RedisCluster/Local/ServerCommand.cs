namespace MonoRepo.Hosting.RedisCluster.Local;

/// <summary>How one member is started.</summary>
/// <param name="Program">The program: a path, or a name in PATH.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="Environment">The variables that it needs besides.</param>
/// <param name="SecretFile">A file that must exist before it starts: a password belongs there, where <c>ps</c> does not show it.</param>
internal sealed record ServerCommand(
    string Program,
    IReadOnlyList<string> Arguments,
    IReadOnlyDictionary<string, string> Environment,
    SecretFile? SecretFile = null);
