namespace MonoRepo.Hosting.RedisCluster.Local;

/// <summary>What a member is started with.</summary>
/// <param name="Port">Where it listens on loopback; its bus is <see cref="FreePorts.BusOffset"/> above.</param>
/// <param name="Directory">Where it keeps its cluster configuration, and its data if they are kept.</param>
/// <param name="KeepsData">Whether keys survive a restart of the member.</param>
/// <param name="HasReplicas">Whether the cluster has replicas, for which Garnet needs its log.</param>
/// <param name="Password">What clients and other members must present, if anything.</param>
internal sealed record MemberSettings(int Port, string Directory, bool KeepsData, bool HasReplicas, string? Password);

/// <summary>How one member is started.</summary>
/// <param name="Program">The program: a path, or a name in PATH.</param>
/// <param name="Environment">The variables that it needs besides.</param>
/// <param name="SecretFile">A file that must exist before it starts: a password belongs there, where <c>ps</c> does not show
/// it.</param>
internal sealed record ServerCommand(
    string Program, IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Environment, SecretFile? SecretFile);

/// <summary>A file that only the user may read.</summary>
internal sealed record SecretFile(string Path, string Text)
{
    public void Write() => PrivateFile.Write(Path, Text);

    /// <summary>Without the text, which is secret.</summary>
    public override string ToString() => Path;
}
