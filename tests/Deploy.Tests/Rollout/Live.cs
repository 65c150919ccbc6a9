using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Tests.Deploy;

/// <summary>A namespace written down as YAML.</summary>
internal static class Live
{
    public static ClusterSnapshot Snapshot(params string[] yaml) =>
        ClusterSnapshot.Of(Objects(yaml), new(2026, 11, 21, 14, 2, 0, TimeSpan.Zero));

    public static IReadOnlyList<YamlMap> Objects(params string[] yaml) =>
        [.. YamlReader.ReadAll(string.Join("\n---\n", yaml)).Cast<YamlMap>()];

    public static string Pod(string name, string status, string owner = "server-1", string spec = "containers: [{name: main}]") =>
        $$$$"""
        kind: Pod
        metadata: {name: {{{{name}}}}, uid: {{{{name}}}}, ownerReferences: [{uid: {{{{owner}}}}}], labels: {app.kubernetes.io/name: {{{{owner.Split('-')[0]}}}}}}
        spec: { {{{{spec}}}} }
        status: { {{{{status}}}} }
        """;

    public static string Deployment(
        string name, int replicas, int updated, int available, int all, int generation = 2, int observed = 2,
        string more = "") => $$$$"""
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: {{{{name}}}}, uid: {{{{name}}}}, generation: {{{{generation}}}}, annotations: {monorepo/resource: {{{{name}}}}}}
        spec: {replicas: {{{{replicas}}}}, template: {metadata: {labels: {app.kubernetes.io/name: {{{{name}}}} } } } }
        status: {observedGeneration: {{{{observed}}}}, replicas: {{{{all}}}}, updatedReplicas: {{{{updated}}}}, availableReplicas: {{{{available}}}}{{{{more}}}}}
        """;

    public static string ReplicaSet(string deployment, int revision, string status = "") => $$$$"""
        apiVersion: apps/v1
        kind: ReplicaSet
        metadata: {name: {{{{deployment}}}}-{{{{revision}}}}, uid: {{{{deployment}}}}-{{{{revision}}}}, annotations: {deployment.kubernetes.io/revision: "{{{{revision}}}}"}, ownerReferences: [{uid: {{{{deployment}}}}}]}
        status: { {{{{status}}}} }
        """;

    public static string StatefulSet(
        string name, int replicas, int ready, int updated, string more = "currentRevision: a, updateRevision: b",
        string spec = "") => $$$$"""
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: {{{{name}}}}, uid: {{{{name}}}}, generation: 1}
        spec: {replicas: {{{{replicas}}}}, template: {metadata: {labels: {app.kubernetes.io/name: {{{{name}}}}}}}{{{{spec}}}}}
        status: {observedGeneration: 1, replicas: {{{{replicas}}}}, readyReplicas: {{{{ready}}}}, updatedReplicas: {{{{updated}}}}, {{{{more}}}}}
        """;

    public static string Policy(string caller, string called) => $$$$"""
        kind: NetworkPolicy
        metadata: {name: {{{{caller}}}}}
        spec: {podSelector: {matchLabels: {app.kubernetes.io/name: {{{{caller}}}}}}, egress: [{to: [{podSelector: {matchLabels: {app.kubernetes.io/name: {{{{called}}}}}}}]}]}
        """;

    public static string Event(string uid, string reason, string message, string type = "Warning", string path = "") => $$$$"""
        kind: Event
        metadata: {name: "{{{{uid}}}}.{{{{reason}}}}"}
        type: {{{{type}}}}
        reason: {{{{reason}}}}
        message: "{{{{message}}}}"
        involvedObject: {uid: {{{{uid}}}}, fieldPath: "{{{{path}}}}"}
        lastTimestamp: "2026-11-21T14:00:00Z"
        """;
}
