using System.Text;
using System.Text.Unicode;

namespace MonoRepo.Deploy.Secrets;

/// <summary>A key of a Secret that the environment needs.</summary>
/// <param name="Key">The key; empty: the Secret has to exist, whatever is in it (image pull secrets).</param>
internal sealed record SecretKey(string Secret, string Key, IReadOnlyList<SecretUser> Users)
{
    /// <summary>StatefulSets among the users that can let in by two values for a while.</summary>
    public IReadOnlyList<MemberSecret> Members { get; init; } = [];

    /// <summary>
    /// Suffix of the key that holds the same value percent-encoded for use in a URL. The kubelet can't encode a value, so both
    /// keys are always written together.
    /// </summary>
    public const string EncodedSuffix = ".uri-encoded";

    /// <summary>Whether the value is needed as a part of a URL, too.</summary>
    public bool IsEncodedToo { get; init; }

    /// <summary>The keys of the Secret that the value is written to.</summary>
    internal IReadOnlyList<string> Written => IsEncodedToo ? [Key, Key + EncodedSuffix] : [Key];

    /// <summary>What is written to these keys.</summary>
    internal IReadOnlyList<(string Key, byte[]? Value)> Write(byte[] value) =>
        IsEncodedToo
        ? [(Key, value), (Key + EncodedSuffix, Encoding.UTF8.GetBytes(Uri.EscapeDataString(Encoding.UTF8.GetString(value))))]
        : [(Key, value)];

    /// <summary><c>parameters/store-password</c>.</summary>
    public override string ToString() => Key.Length == 0 ? Secret : $"{Secret}/{Key}";

    /// <summary>Refuses a value that would be cut off or would keep pods from starting.</summary>
    /// <exception cref="DeployException">The value doesn't work; it isn't shown.</exception>
    public void Check(byte[] value)
    {
        var reason = !Utf8.IsValid(value) ? "it isn't UTF-8, which no environment variable can hold"
            : value.AsSpan().Contains((byte)0) ? "it has a NUL, which no environment variable can hold"
            : Members.FirstOrDefault(m => !m.Allows(Encoding.UTF8.GetString(value)))?.Hint;
        if (Users.Count > 0 && reason is not null)
        {
            throw new DeployException($"The value for '{this}' would not work: {reason}. Nothing was changed.");
        }
    }
}

/// <summary>A workload that reads a Secret.</summary>
internal sealed record SecretUser(string Kind, string Name)
{
    /// <summary><c>statefulset/store</c>.</summary>
    public override string ToString() => $"{Kind.ToLowerInvariant()}/{Name}";
}
