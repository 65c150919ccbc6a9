using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.StatefulSets;
using MonoRepo.Deploy.Yaml;

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

/// <summary>
/// The key by which the members of a StatefulSet let in, and how they replace it, as <see cref="KubernetesLabels.MemberSecret"/>
/// says it.
/// </summary>
/// <param name="Accept">Run in a member with the new value as a line of input: it lets in by that one, too.</param>
/// <param name="Only">The same: it lets in by no other one.</param>
/// <param name="Pattern">Regular expression of the values that work.</param>
internal sealed record MemberSecret(
    string Secret, string Key, IReadOnlyList<string> Accept, IReadOnlyList<string> Only, string Pattern, string Hint)
{
    /// <summary>Name of the StatefulSet.</summary>
    public string StatefulSet { get; private init; } = "";

    /// <summary>The container in which the commands run.</summary>
    public string Container { get; private init; } = "";

    /// <summary>The key with the value that is being replaced, as long as that lasts.</summary>
    public string Previous => $"{Key}-previous";

    /// <summary>What the StatefulSets among the objects say of a key.</summary>
    public static IReadOnlyList<MemberSecret> Of(IEnumerable<YamlMap> objects, string secret, string key) =>
    [
        .. objects.Where(StatefulSetMembers.Is).Select(Of).OfType<MemberSecret>()
            .Where(m => m.Secret == secret && m.Key == key),
    ];

    /// <summary>Whether the members and their callers can let in by a value.</summary>
    public bool Allows(string value) => Regex.IsMatch(value, Pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    private static MemberSecret? Of(YamlMap statefulSet)
    {
        var members = new StatefulSetMembers(statefulSet);
        return JsonAnnotation.Read<MemberSecret>(statefulSet, KubernetesLabels.MemberSecret) is { } secret
            ? secret with { StatefulSet = members.Name, Container = members.Container }
            : null;
    }
}

/// <summary>Makes passwords.</summary>
internal static class SecretGenerator
{
    // 32 of 62 characters: 190 bits. Letters and digits only: they mean themselves in URLs, connection strings and shells.
    private const int Length = 32;
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>A new one.</summary>
    public static string Create() => RandomNumberGenerator.GetString(Alphabet, Length);
}
