namespace MonoRepo.Deploy.Secrets;

/// <summary>A key of a Secret that the environment needs.</summary>
/// <param name="Secret">The Secret.</param>
/// <param name="Key">The key; empty: the Secret has to exist, whatever is in it (image pull secrets).</param>
/// <param name="Users">Who reads it.</param>
public sealed record SecretKey(string Secret, string Key, IReadOnlyList<SecretUser> Users)
{
    /// <summary><c>parameters/store-password</c>.</summary>
    public override string ToString() => Key.Length == 0 ? Secret : $"{Secret}/{Key}";
}

/// <summary>A workload that reads a Secret.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Name">Its name.</param>
public sealed record SecretUser(string Kind, string Name)
{
    /// <summary><c>statefulset/store</c>.</summary>
    public override string ToString() => $"{Kind.ToLowerInvariant()}/{Name}";
}
