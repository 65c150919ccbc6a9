using MonoRepo.Deploy.Apply;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Tests.Deploy;

/// <summary>Which objects an apply need not send: what the API has is what is wanted, and nothing of ours has to go.</summary>
public sealed class FieldOwnersTests
{
    private const string Wanted = """
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: web
          namespace: dev
          labels: {app: web}
        spec:
          replicas: 2
          selector: {matchLabels: {app: web} }
          template:
            spec:
              volumes: []
              containers:
              - name: web
                image: web@sha256:1
                args: [--verbose]
                env:
                - {name: A, value: "1"}
                - {name: B, value: "2"}
        """;

    // As the API of Kubernetes 1.36 writes it.
    private const string Live = """
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: web
          namespace: dev
          uid: "0"
          labels: {app: web}
          managedFields:
          - manager: monorepo
            operation: Apply
            fieldsV1:
              f:metadata: {f:labels: {f:app: {} } }
              f:spec:
                f:replicas: {}
                f:selector: {}
                f:template:
                  f:spec:
                    f:volumes: {}
                    f:containers:
                      'k:{"name":"web"}':
                        .: {}
                        f:name: {}
                        f:image: {}
                        f:args: {}
                        f:env:
                          'k:{"name":"A"}': {.: {}, f:name: {}, f:value: {} }
                          'k:{"name":"B"}': {.: {}, f:name: {}, f:value: {} }
          - manager: kube-controller-manager
            operation: Update
            subresource: status
            fieldsV1: {f:status: {f:replicas: {} } }
        spec:
          progressDeadlineSeconds: 600
          replicas: 2
          selector: {matchLabels: {app: web} }
          template:
            spec:
              restartPolicy: Always
              containers:
              - name: web
                image: web@sha256:1
                imagePullPolicy: IfNotPresent
                args: [--verbose]
                env:
                - {name: A, value: "1"}
                - {name: B, value: "2"}
        status: {replicas: 2}
        """;

    [Fact]
    public void WhatIsThereIsNotAppliedAgain() => Assert.True(IsApplied(Live, Wanted));

    [Theory]
    [InlineData("replicas: 2", "replicas: 3")]
    [InlineData("web@sha256:1", "web@sha256:2")]
    [InlineData("[--verbose]", "[--verbose, --fast]")]
    [InlineData("""value: "2"}""", """value: "3"}""")]
    [InlineData("""- {name: B, value: "2"}""", """- {name: C, value: "2"}""")]
    [InlineData("labels: {app: web}", "labels: {app: web, tier: front}")]
    [InlineData("replicas: 2", "replicas: 2\n  paused: true")]
    public void AChangeIsApplied(string before, string after) =>
        Assert.False(IsApplied(Live, Wanted.Replace(before, after, StringComparison.Ordinal)));

    [Theory]
    [InlineData("  labels: {app: web}\n", "")]
    [InlineData("  replicas: 2\n", "")]
    [InlineData("        - {name: B, value: \"2\"}", "")]
    [InlineData("        args: [--verbose]\n", "")]
    public void WhatIsNoLongerWantedHasToGo(string before, string after)
    {
        Assert.Contains(before, Wanted, StringComparison.Ordinal);
        Assert.False(IsApplied(Live, Wanted.Replace(before, after, StringComparison.Ordinal)));
    }

    [Fact]
    public void WhatSomebodyElseTookIsAppliedAgain() =>
        Assert.False(IsApplied(
            Live.Replace("        f:replicas: {}\n        f:selector", "        f:selector", StringComparison.Ordinal), Wanted));

    [Fact]
    public void WhatWasNeverAppliedByUsIs() =>
        Assert.False(IsApplied(Live.Replace("manager: monorepo", "manager: helm", StringComparison.Ordinal), Wanted));

    [Theory]
    [InlineData(
        "{manager: kubectl-set, operation: Update, fieldsV1: {f:spec: {f:template: {f:spec: {f:containers: " +
        "{'k:{\"name\":\"web\"}': {f:env: {'k:{\"name\":\"C\"}': {.: {}, f:name: {}, f:value: {}}}}}}}}}}",
            "deployment.apps/web: .spec.template.spec.containers[name=web].env[name=C] was added by 'kubectl-set', and stays")]
    [InlineData(
        "{manager: kubectl-edit, operation: Update, fieldsV1: {f:spec: {f:paused: {}}}}",
        "deployment.apps/web: .spec.paused was added by 'kubectl-edit', and stays")]
    [InlineData("{manager: kubectl-edit, operation: Update, fieldsV1: {f:spec: {f:replicas: {}}}}", null)]
    [InlineData(
        "{manager: kubectl-rollout, operation: Update, fieldsV1: {f:spec: {f:template: {f:metadata: {f:annotations: " +
        "{f:kubectl.kubernetes.io/restartedAt: {}}}}}}}", null)]
    [InlineData("{manager: kube-controller-manager, operation: Update, fieldsV1: {f:spec: {f:paused: {}}}}", null)]
    [InlineData("{manager: kubectl-annotate, operation: Update, fieldsV1: {f:metadata: {f:annotations: {f:a: {}}}}}", null)]
    [InlineData("{manager: kubectl-client-side-apply, operation: Update, fieldsV1: {f:spec: {f:paused: {}}}}", null)]
    public void Additions_AreWhatPeopleSetThatIsNotStatedHere(string entry, string? addition)
    {
        var live = (YamlMap)YamlReader.ReadAll(Live
            .Replace("  - manager: kube-controller-manager", $"  - {entry}\n  - manager: kube-controller-manager",
                StringComparison.Ordinal)
            .Replace("  progressDeadlineSeconds: 600", "  progressDeadlineSeconds: 600\n  paused: true", StringComparison.Ordinal)
            .Replace("- {name: B, value: \"2\"}", "- {name: B, value: \"2\"}\n        - {name: C, value: secret}",
                StringComparison.Ordinal)).Single();

        var found = FieldOwners.Additions(live, (YamlMap)YamlReader.ReadAll(Wanted).Single());

        Assert.Equal(addition is null ? [] : [addition], found.Select(f => f.ToString()));
    }

    private static bool IsApplied(string live, string wanted) =>
        FieldOwners.IsApplied((YamlMap)YamlReader.ReadAll(live).Single(), (YamlMap)YamlReader.ReadAll(wanted).Single());
}
