using System.Text.RegularExpressions;
using MonoRepo.Deploy.Rendering;
using MonoRepo.Hosting.Kubernetes.Overlays;

namespace MonoRepo.Tests;

/// <summary>
/// What <c>aspirate apply -i k8s/overlays/E -k CONTEXT --non-interactive --disable-secrets</c> (9.1.0, by its sources) reads of a
/// folder: it runs <c>kubectl apply --server-side -k FOLDER</c>, installs Dapr where there is a folder <c>dapr</c>, and with
/// <c>--rolling-restart</c> restarts the Deployments of the namespace that <c>namespace.yaml</c> names.
/// </summary>
public sealed class AspirateTests
{
    // KubeCtlService.ParseNamespace takes the first match; without one it restarts what is in "default".
    private static readonly Regex s_namespace = new("name: (.*)");

    [Theory]
    [InlineData("personal", "personal")]
    [InlineData("prod", "shop")]
    public void AnOverlayIsAFolderThatAspirateApplies(string environment, string @namespace)
    {
        var files = Publication.Build(Shop.Create().Model).Generated;
        var overlay = Layout.Overlay(environment) + "/";
        Assert.Contains(overlay + "kustomization.yaml", files.Keys);
        Assert.Equal(@namespace, s_namespace.Match(files[overlay + "namespace.yaml"]).Groups[1].Value);
        Assert.DoesNotContain(files.Keys, path => path.StartsWith(overlay + "dapr/", StringComparison.Ordinal));
    }
}
