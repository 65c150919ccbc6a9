using System.Text.RegularExpressions;
using Aspire.Hosting.ApplicationModel;
using MonoRepo.Hosting.Kubernetes.Graph;

namespace MonoRepo.Hosting.Kubernetes.AspireManifest;

/// <summary>
/// Members that exist locally only are not in the manifest: <c>{store-0.bindings.tcp.host}</c> becomes <c>{store.bindings.tcp.host}</c>,
/// the published port of the resource that they are members of.
/// </summary>
internal sealed partial class MemberExpressions(DistributedApplicationModel model)
{
    private readonly Dictionary<string, (string Parent, string Port)> _members = model.Resources
        .Where(r => r is IResourceWithParent && PublishedModel.IsExcluded(r))
        .Select(r => (r.Name, ((IResourceWithParent)r).Parent, Port: ((IResourceWithParent)r).Parent.Annotations.OfType<PublishedPortAnnotation>().FirstOrDefault()))
        .Where(m => m.Port is not null)
        .ToDictionary(m => m.Name, m => (m.Parent.Name, m.Port!.Name));

    public string Replace(string expression) => _members.Count == 0
        ? expression
        : Binding().Replace(expression, match => _members.TryGetValue(match.Groups[1].Value, out var member)
            ? $"{{{member.Parent}.bindings.{member.Port}."
            : match.Value);

    [GeneratedRegex(@"\{([^{}.]+)\.bindings\.[^{}.]+\.")]
    private static partial Regex Binding();
}
