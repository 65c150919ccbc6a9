using System.Text;

namespace MonoRepo.Deploy.Rendering;

/// <summary>The namespace of a person: their name as DNS wants it.</summary>
public static class PersonalNamespace
{
    private const int Longest = 63;

    /// <summary><c>Jane.Doe</c> to <c>jane-doe</c>.</summary>
    /// <exception cref="DeployException">Nothing is left of the name, or it belongs to the cluster.</exception>
    public static string Of(string user)
    {
        var name = new StringBuilder();
        foreach (var c in user.ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(c))
            {
                name.Append(c);
            }
            else if (name.Length > 0 && name[^1] != '-')
            {
                name.Append('-');
            }
        }

        var text = name.ToString();
        text = (text.Length > Longest ? text[..Longest] : text).Trim('-');
        return text.Length > 0 && text != "default" && !text.StartsWith("kube-", StringComparison.Ordinal)
            ? text
            : throw new DeployException($"No namespace can be made of the name '{user}'. Give another one with --as NAME.");
    }
}
