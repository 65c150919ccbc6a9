using System.Security.Cryptography;
using System.Text;

namespace MonoRepo.Deploy.Rendering;

/// <summary>The namespace of a person: their name as DNS wants it.</summary>
internal static class PersonalNamespace
{
    private const int Longest = 63;
    private const int HashLength = 5;

    /// <summary>
    /// <c>Jane</c> to <c>jane</c>. A name that DNS cannot hold as it is ends with a hash of it, so that no two people share a
    /// namespace: <c>jane.doe</c> to <c>jane-doe-d4872</c>, <c>jane_doe</c> to <c>jane-doe-a79b8</c>.
    /// </summary>
    /// <exception cref="DeployException">Nothing is left of the name, or it belongs to the cluster.</exception>
    public static string Of(string user)
    {
        var name = user.ToLowerInvariant();
        var text = new StringBuilder();
        foreach (var c in name)
        {
            if (char.IsAsciiLetterOrDigit(c))
            {
                text.Append(c);
            }
            else if (text.Length > 0 && text[^1] != '-')
            {
                text.Append('-');
            }
        }

        var label = text.ToString().TrimEnd('-');
        if (label.Length > 0 && (label != name || label.Length > Longest))
        {
            var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..HashLength];
            label = $"{label[..Math.Min(label.Length, Longest - HashLength - 1)].TrimEnd('-')}-{hash}";
        }

        return label.Length > 0 && label != "default" && !label.StartsWith("kube-", StringComparison.Ordinal)
            ? label
            : throw new DeployException($"No namespace can be made of the name '{user}'. Give another one with --as NAME.");
    }
}
