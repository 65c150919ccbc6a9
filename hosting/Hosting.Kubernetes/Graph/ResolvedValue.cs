using System.Text;
using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting.Kubernetes.Graph;

/// <summary>A value of the graph with its references resolved to text; secrets stay references.</summary>
internal sealed class ResolvedValue
{
    private readonly List<(string Text, ParameterResource? Secret, bool IsEncoded)> _parts = [];

    public bool HasSecrets => _parts.Exists(p => p.Secret is not null);

    /// <summary>The parameter, where the value is that and nothing else.</summary>
    public (ParameterResource Secret, bool IsEncoded)? OnlySecret => _parts is [(_, { } secret, var isEncoded)]
        ? (secret, isEncoded)
        : null;

    /// <summary>The value where it has no secret.</summary>
    public string Text => string.Concat(_parts.Select(p => p.Text));

    public void Add(string text)
    {
        if (text.Length > 0)
        {
            _parts.Add((text, null, false));
        }
    }

    public void Add(ParameterResource secret) => _parts.Add(("", secret, false));

    public void Add(ResolvedValue value) => _parts.AddRange(value._parts);

    /// <summary>The value as a part of a URL; null: a part of it is that already.</summary>
    public ResolvedValue? Encoded()
    {
        var value = new ResolvedValue();
        value._parts.AddRange(_parts.Select(
            p => (Uri.EscapeDataString(p.Text), p.Secret, IsEncoded: p.Secret is { } secret && !IsItsOwnEncoding(secret))));
        return _parts.Exists(p => p.IsEncoded) ? null : value;
    }

    /// <summary>Letters and digits are the same in a URL; Aspire's integrations generate their passwords of these.</summary>
    private static bool IsItsOwnEncoding(ParameterResource secret) =>
        secret.Default is GenerateParameterDefault { Special: false };

    /// <summary>The value as a kubelet composes it: secrets as <c>$(VARIABLE)</c>, other text escaped.</summary>
    public string Composed(Func<ParameterResource, bool, string> variable)
    {
        var text = new StringBuilder();
        foreach (var (part, secret, isEncoded) in _parts)
        {
            text.Append(secret is null ? Escape(part) : $"$({variable(secret, isEncoded)})");
        }

        return text.ToString();
    }

    /// <summary>
    /// Text of which a kubelet, which expands <c>$(NAME)</c> and takes <c>$$</c> for <c>$</c>, makes the same text again.
    /// </summary>
    public static string Escape(string text) => text.Replace("$", "$$", StringComparison.Ordinal);
}
