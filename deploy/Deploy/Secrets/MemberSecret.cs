using System.Text.RegularExpressions;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.StatefulSets;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Secrets;

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
        [.. objects.Where(Members.Is).Select(Of).OfType<MemberSecret>().Where(m => m.Secret == secret && m.Key == key)];

    /// <summary>Whether the members and their callers can let in by a value.</summary>
    public bool Allows(string value) => Regex.IsMatch(value, Pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    private static MemberSecret? Of(YamlMap statefulSet)
    {
        var members = new Members(statefulSet);
        return JsonAnnotation.Read<MemberSecret>(statefulSet, KubernetesLabels.MemberSecret) is { } secret
            ? secret with { StatefulSet = members.Name, Container = members.Container }
            : null;
    }
}
