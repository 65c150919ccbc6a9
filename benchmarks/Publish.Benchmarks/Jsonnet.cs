using System.Text;

namespace MonoRepo.Publish.Benchmarks;

/// <summary>
/// The same services in jsonnet, as one would write them there: functions of a service and an environment, and a <c>List</c> for
/// each environment. The lists are JSON, which kubectl reads as well, and strings are joined with +: both are native, while the
/// YAML and the <c>%</c> of jsonnet are written in jsonnet itself and would be most of the time.
/// </summary>
internal static class Jsonnet
{
    public static string Program(int services)
    {
        // Callers are given too: looking for them in jsonnet is quadratic and would measure that alone.
        var callers = Enumerable.Range(0, services).SelectMany(i => GeneratedGraph.Callees(i).Select(c => (Callee: c, Caller: i)))
            .ToLookup(e => e.Callee, e => e.Caller);
        var calls = new StringBuilder();
        for (var i = 0; i < services; i++)
        {
            calls.Append(
                $"  {{ name: '{GeneratedGraph.Name(i)}', cache: '{i}', calls: [{Names(GeneratedGraph.Callees(i))}], callers: " +
                $"[{Names(callers[i])}] }},\n");
        }

        return $$"""
            local services = [
            {{calls}}];
            local labels(s) = { 'app.kubernetes.io/managed-by': 'jsonnet', 'app.kubernetes.io/name': s.name, 'app.kubernetes.io/part-of': 'shop' };
            local meta(s, env, name=s.name) = { name: name, namespace: env, labels: labels(s), annotations: { 'monorepo/resource': s.name } };
            local selector(name) = { matchLabels: { 'app.kubernetes.io/name': name } };
            local data(s, env) = {
              Cache__Size: s.cache,
              Logging__LogLevel__Default: if env == 'dev' then 'Debug' else 'Information',
              Kestrel__Endpoints__grpc__Url: 'http://*:8080',
              Kestrel__Endpoints__grpc__Protocols: 'Http2',
            } + { ['services__' + c + '__grpc__0']: 'http://' + c + '-headless:8080' for c in s.calls };
            local config(s, env) = s.name + '-' + std.substr(std.md5(std.toString(data(s, env))), 0, 10);
            local probe(service, failures) = { grpc: { port: 8080, service: service }, periodSeconds: 5, timeoutSeconds: 2, failureThreshold: failures };
            local prod(env) = env == 'prod';
            local deployment(s, env) = {
              apiVersion: 'apps/v1', kind: 'Deployment', metadata: meta(s, env),
              spec: {
                [if !prod(env) then 'replicas']: 2,
                revisionHistoryLimit: 3, selector: selector(s.name),
                strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
                template: {
                  metadata: { labels: labels(s) },
                  spec: {
                    serviceAccountName: s.name, automountServiceAccountToken: false, enableServiceLinks: false,
                    priorityClassName: 'monorepo-service', terminationGracePeriodSeconds: 30,
                    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
                    topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'ScheduleAnyway', labelSelector: selector(s.name), matchLabelKeys: ['pod-template-hash'] }],
                    containers: [{
                      name: s.name, image: 'registry.example.org/shop/' + s.name,
                      ports: [{ name: 'grpc', containerPort: 8080 }],
                      envFrom: [{ configMapRef: { name: config(s, env) } }],
                      resources: {
                        requests: { cpu: if prod(env) then '500m' else '100m', memory: if prod(env) then '256Mi' else '128Mi' },
                        limits: { memory: if prod(env) then '1Gi' else '512Mi' },
                      },
                      startupProbe: probe('liveness', 60), readinessProbe: probe('', 3), livenessProbe: probe('liveness', 3),
                      lifecycle: { preStop: { sleep: { seconds: 5 } } },
                      securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
                      volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
                    }],
                    volumes: [{ name: 'tmp', emptyDir: { sizeLimit: '64Mi' } }],
                  },
                },
              },
            };
            local service(s, env, name, ip) = {
              apiVersion: 'v1', kind: 'Service', metadata: meta(s, env, name),
              spec: { type: 'ClusterIP', [if ip != null then 'clusterIP']: ip, selector: selector(s.name).matchLabels, ports: [{ name: 'grpc', port: 8080, targetPort: 'grpc', appProtocol: 'kubernetes.io/h2c' }] },
            };
            local port = [{ port: 8080, protocol: 'TCP' }];
            local policy(s, env) = {
              apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: meta(s, env),
              spec: {
                podSelector: selector(s.name), policyTypes: ['Ingress', 'Egress'],
                ingress: [{ from: [{ podSelector: selector(c) }], ports: port } for c in s.callers],
                egress: [{ to: [{ podSelector: selector(c) }], ports: port } for c in s.calls],
              },
            };
            local objects(s, env) = [
              { apiVersion: 'v1', kind: 'ServiceAccount', metadata: meta(s, env), automountServiceAccountToken: false },
              { apiVersion: 'v1', kind: 'ConfigMap', metadata: meta(s, env, config(s, env)), data: data(s, env) },
              service(s, env, s.name, null), service(s, env, s.name + '-headless', 'None'), deployment(s, env),
              { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: meta(s, env), spec: { maxUnavailable: 1, unhealthyPodEvictionPolicy: 'AlwaysAllow', selector: selector(s.name) } },
              policy(s, env),
            ] + if prod(env) then [{
              apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata: meta(s, env),
              spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: s.name }, minReplicas: 2, maxReplicas: 10, metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } }] },
            }] else [];
            { [env + '.json']: { apiVersion: 'v1', kind: 'List', items: [o for s in services for o in objects(s, env)] } for env in ['personal', 'dev', 'staging', 'prod'] }
            """;
    }

    private static string Names(IEnumerable<int> services) =>
        string.Join(", ", services.Select(s => $"'{GeneratedGraph.Name(s)}'"));
}
