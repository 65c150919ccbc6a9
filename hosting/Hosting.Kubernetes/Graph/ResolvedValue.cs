using System.Text;
using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting.Kubernetes.Graph;

/// <summary>A value of the graph with its references resolved to text; secrets stay references.</summary>
internal sealed class ResolvedValue
{
    private readonly List<(string Text, ParameterResource? Secret)> _parts = [];

    public bool HasSecrets => _parts.Exists(p => p.Secret is not null);

    /// <summary>The parameter, where the value is that and nothing else.</summary>
    public ParameterResource? OnlySecret => _parts.Count == 1 ? _parts[0].Secret : null;

    public IEnumerable<ParameterResource> Secrets => _parts.Select(p => p.Secret).OfType<ParameterResource>().Distinct();

    /// <summary>The value where it has no secret.</summary>
    public string Text => string.Concat(_parts.Select(p => p.Text));

    public void Add(string text)
    {
        if (text.Length > 0)
        {
            _parts.Add((text, null));
        }
    }

    public void Add(ParameterResource secret) => _parts.Add(("", secret));

    public void Add(ResolvedValue value) => _parts.AddRange(value._parts);

    /// <summary>The value as a kubelet composes it: secrets as <c>$(VARIABLE)</c>, other text escaped.</summary>
    public string Composed(Func<ParameterResource, string> variable)
    {
        var text = new StringBuilder();
        foreach (var (part, secret) in _parts)
        {
            text.Append(secret is null ? Escape(part) : $"$({variable(secret)})");
        }

        return text.ToString();
    }

    /// <summary>Text of which a kubelet, which expands <c>$(NAME)</c> and takes <c>$$</c> for <c>$</c>, makes the same text again.</summary>
    public static string Escape(string text) => text.Replace("$", "$$", StringComparison.Ordinal);
}
