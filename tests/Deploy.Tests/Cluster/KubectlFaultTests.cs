using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;

namespace MonoRepo.Tests.Deploy;

/// <summary>Texts as kubectl 1.32 and Kubernetes 1.36 wrote them.</summary>
public sealed class KubectlFaultTests
{
    [Theory]
    [InlineData("The connection to the server 127.0.0.1:1 was refused - did you specify the right host or port?", KubectlFault.Unreachable)]
    [InlineData("Unable to connect to the server: dial tcp: lookup nowhere: no such host", KubectlFault.Unreachable)]
    [InlineData("Please enter Username: error: EOF", KubectlFault.Unauthorized)]
    [InlineData("error: EOF", KubectlFault.Unauthorized)]
    [InlineData("error: context \"x\" does not exist", KubectlFault.NoContext)]
    [InlineData("Error in configuration: context was not found for specified context: x", KubectlFault.NoContext)]
    [InlineData("Error from server (Forbidden): configmaps is forbidden: User \"u\" cannot list resource \"configmaps\" in API group \"\" in the namespace \"a\"", KubectlFault.Forbidden)]
    [InlineData("Error from server (Forbidden): error when creating \"STDIN\": pods \"a\" is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1", KubectlFault.QuotaExceeded)]
    [InlineData("error: You must be logged in to the server (Unauthorized)", KubectlFault.Unauthorized)]
    [InlineData("Error from server (NotFound): namespaces \"a\" not found", KubectlFault.NamespaceMissing)]
    [InlineData("error: the server doesn't have a resource type \"prometheus\"", KubectlFault.KindMissing)]
    [InlineData("error: resource mapping not found for name: \"a\" namespace: \"\" from \"STDIN\": no matches for kind \"Prometheus\" in version \"monitoring.coreos.com/v1\"\nensure CRDs are installed first", KubectlFault.KindMissing)]
    [InlineData("The StatefulSet \"redis\" is invalid: spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals' are forbidden", KubectlFault.Immutable)]
    [InlineData("The Job \"a\" is invalid: spec.template: Invalid value: {}: field is immutable", KubectlFault.Immutable)]
    [InlineData("Error from server: etcdserver: mvcc: database space exceeded", KubectlFault.NoSpace)]
    public void AFaultIsOneLine(string error, KubectlFault fault)
    {
        var exception = KubectlFaults.Read($"W1121 14:31:25.604720   17705 warnings.go:70] noise\n{error}\n", new("here", "jane"));

        Assert.Equal(fault, exception.Fault);
        Assert.StartsWith("Context 'here', namespace 'jane': ", exception.Message);
        Assert.DoesNotContain('\n', exception.Message);
    }

    [Fact]
    public void AConflictKeepsItsFieldsAndLosesTheAdvice()
    {
        const string error = """
            error: Apply failed with 2 conflicts: conflicts with "other" using apps/v1:
            - .spec.replicas
            - .spec.minReadySeconds
            Please review the fields above--they currently have other managers. Here
            are the ways you can resolve this warning:
            * If you intend to manage all of these fields, please re-run the apply
              command with the `--force-conflicts` flag.
            """;

        var exception = KubectlFaults.Read(error, new("here", "jane"));

        Assert.Equal(
            "Context 'here', namespace 'jane': Apply failed with 2 conflicts: conflicts with \"other\" using apps/v1: .spec.replicas .spec.minReadySeconds."
            + " --force-conflicts takes the fields over.", exception.Message);
    }

    [Fact]
    public void SeveralFaultsAreSeveralLines()
    {
        var exception = KubectlFaults.Read("Error from server (Forbidden): a\nThe Service \"b\" is invalid: c\n", new("here", "jane"));

        Assert.Equal([KubectlFault.Forbidden, KubectlFault.Invalid], exception.Errors.Select(e => e.Fault));
    }

    [Theory]
    [InlineData("v1.32.4-dispatcher", "v1.36.2", true)]
    [InlineData("v1.35.0", "v1.36.2", false)]
    [InlineData("v1.29.0", "v1.29.1", true)]
    [InlineData("v1.30.0+k3s1", "v1.30.0+k3s1", false)]
    public void VersionsFarApartAreWarnedOf(string client, string server, bool warned) =>
        Assert.Equal(warned, new KubectlVersion(client, server).Warning is not null);
}
