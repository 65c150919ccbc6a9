using System.Globalization;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Setup;

/// <summary>
/// The image registry that lives in the cluster. An environment has one when it says so by its registry's name:
/// <c>localhost:PORT</c> with a node port. Nodes reach it there (containerd takes localhost without TLS), people by a
/// port-forward to the same name. Any other name is a registry outside, k3d's included, and nobody's to set up here.
/// </summary>
internal static class ClusterRegistry
{
    /// <summary>Where it runs.</summary>
    public const string Namespace = "monorepo-registry";

    private const int FirstNodePort = 30000;
    private const int LastNodePort = 32767;

    private const string Objects = """
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata:
          name: registry
          namespace: monorepo-registry
        spec:
          accessModes: [ReadWriteOnce]
          resources:
            requests:
              storage: 10Gi
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: registry
          namespace: monorepo-registry
        spec:
          type: NodePort
          selector:
            app.kubernetes.io/name: registry
          ports:
          - name: http
            port: 5000
            targetPort: http
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: registry
          namespace: monorepo-registry
          labels:
            app.kubernetes.io/name: registry
        spec:
          replicas: 1
          strategy:
            type: Recreate
          selector:
            matchLabels:
              app.kubernetes.io/name: registry
          template:
            metadata:
              labels:
                app.kubernetes.io/name: registry
            spec:
              automountServiceAccountToken: false
              securityContext:
                runAsNonRoot: true
                runAsUser: 65532
                runAsGroup: 65532
                fsGroup: 65532
                seccompProfile:
                  type: RuntimeDefault
              containers:
              - name: registry
                image: docker.io/library/registry:3.0.0
                env:
                - name: REGISTRY_STORAGE_DELETE_ENABLED
                  value: "true"
                - name: OTEL_TRACES_EXPORTER
                  value: none
                ports:
                - name: http
                  containerPort: 5000
                readinessProbe:
                  httpGet:
                    path: /v2/
                    port: http
                resources:
                  requests:
                    cpu: 50m
                    memory: 64Mi
                  limits:
                    memory: 512Mi
                securityContext:
                  allowPrivilegeEscalation: false
                  readOnlyRootFilesystem: true
                  capabilities:
                    drop: [ALL]
                volumeMounts:
                - name: data
                  mountPath: /var/lib/registry
                - name: tmp
                  mountPath: /tmp
              volumes:
              - name: data
                persistentVolumeClaim:
                  claimName: registry
              - name: tmp
                emptyDir: {}
        """;

    /// <summary>The node port, where the registry's name means one in the cluster.</summary>
    public static int? NodePort(string? registry)
    {
        var host = registry?.Split('/')[0].Split(':') ?? [];
        return host is ["localhost" or "127.0.0.1", var text] && int.TryParse(
            text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is >= FirstNodePort and <= LastNodePort
            ? port
            : null;
    }

    /// <summary>Its objects, but for the namespace.</summary>
    public static IReadOnlyList<YamlMap> At(int nodePort)
    {
        List<YamlMap> objects = [.. YamlReader.ReadAll(Objects).Cast<YamlMap>()];
        var port = (YamlMap)objects.Single(o => o.Text("kind") == "Service").Map("spec")!.List("ports")![0];
        port["nodePort"] = YamlScalar.Of(nodePort);
        return objects;
    }
}
