using Aspire.Hosting.ApplicationModel;
using MonoRepo.Deploy.Model;

namespace MonoRepo.Hosting.Kubernetes.Graph;

/// <summary>
/// Probes: those that the resource states, else those that its health checks and endpoints imply. Liveness never looks at
/// dependencies; startup asks the same as liveness, so that a dependency that is away does not kill a starting pod. A kubelet has
/// no certificate: where callers need one, it asks the same of the port for operators.
/// </summary>
internal static class ProbeReader
{
    /// <summary>What ServiceDefaults answers under this name without asking dependencies.</summary>
    private const string LivenessService = "liveness";

    private const string AlivePath = "/alive";
    private const string ReadyPath = "/health";
    private const int StartupThreshold = 60;

    private static readonly ProbeTiming s_ordinary = new();

    public static Probe? Read(
        PodProbe probe, IResource resource, EffectiveAnnotations annotations, IReadOnlyList<WorkloadPort> ports,
        ValidationErrors errors) =>
        Stated(probe, resource, annotations, ports, errors)
        ?? FromGrpc(probe, resource, ports)
        ?? FromHealthCheck(probe, resource, annotations, ports, errors) ?? FromPorts(probe, resource, ports);

    private static Probe? Stated(
        PodProbe probe, IResource resource, EffectiveAnnotations annotations, IReadOnlyList<WorkloadPort> ports,
        ValidationErrors errors)
    {
        if (annotations.All<ExecProbeAnnotation>().LastOrDefault(p => p.Probe == probe) is { } exec)
        {
            return Timed(new() { Exec = new(exec.Command) }, exec.Timing);
        }

        if (annotations.All<GrpcProbeAnnotation>().LastOrDefault(p => p.Probe == probe) is { } grpc)
        {
            return Port(grpc.Endpoint) switch
            {
                { RequiresCertificate: true } =>
                    Plain(ports) is { } plain
                    ? Timed(Http(plain, grpc.Service == LivenessService ? AlivePath : ReadyPath), grpc.Timing)
                    : null,
                { } port when CanAskGrpc(probe, resource, port, errors) => Timed(Grpc(port, grpc.Service), grpc.Timing),
                _ => null,
            };
        }

        if (annotations.All<HttpProbeAnnotation>().LastOrDefault(p => p.Probe == probe) is { } http)
        {
            return Port(http.Endpoint) is { } stated && Askable(stated, ports) is { } port
                && CanAskHttp($"{probe} probe", resource, port, errors)
                ? Timed(Http(port, http.Path), http.Timing)
                : null;
        }

        return null;

        WorkloadPort? Port(string endpoint)
        {
            var port = ports.FirstOrDefault(p => p.Serves(endpoint));
            if (port is null)
            {
                errors.Add(resource.Name, $"{probe} probe", $"asks the endpoint '{endpoint}', which the resource does not have",
                    "name one of its endpoints");
            }

            return port;
        }
    }

    private static Probe? FromHealthCheck(
        PodProbe probe, IResource resource, EffectiveAnnotations annotations, IReadOnlyList<WorkloadPort> ports,
        ValidationErrors errors)
    {
        foreach (var check in HttpHealthCheck.Read(resource, annotations))
        {
            if (ports.FirstOrDefault(p => p.Serves(check.Endpoint)) is not { } stated || Askable(stated, ports) is not { } port)
            {
                continue;
            }

            if (!CanAskHttp("HTTP health check", resource, port, errors))
            {
                return null;
            }

            if (probe == PodProbe.Readiness)
            {
                return Timed(Http(port, check.Path), s_ordinary);
            }

            // A health check may look at dependencies; what a project answers beside it, or a connection, does not.
            var alive = check.Path == ReadyPath && resource is ProjectResource
                ? Http(port, AlivePath)
                : new() { TcpSocket = new(port.Name) };
            return Timed(alive, probe == PodProbe.Startup ? Startup() : s_ordinary);
        }

        return null;
    }

    /// <summary>A gRPC service is asked on the port that its callers use, whatever else it answers.</summary>
    private static Probe? FromGrpc(PodProbe probe, IResource resource, IReadOnlyList<WorkloadPort> ports) =>
        resource is ProjectResource && ports.FirstOrDefault(p => p is { IsHttp2: true, RequiresCertificate: false }) is { } grpc
            ? Timed(Grpc(grpc, probe == PodProbe.Readiness ? "" : LivenessService), probe == PodProbe.Startup
            ? Startup()
            : s_ordinary)
            : null;

    private static Probe? FromPorts(PodProbe probe, IResource resource, IReadOnlyList<WorkloadPort> ports)
    {
        var timing = probe == PodProbe.Startup ? Startup() : s_ordinary;
        if (resource is ProjectResource && Plain(ports) is { } http)
        {
            return Timed(Http(http, probe == PodProbe.Readiness ? ReadyPath : AlivePath), timing);
        }

        return ports.Count > 0 && !ports.Any(p => p.RequiresCertificate)
            ? Timed(new() { TcpSocket = new(ports[0].Name) }, timing)
            : null;
    }

    private static WorkloadPort? Askable(WorkloadPort port, IReadOnlyList<WorkloadPort> ports) => port.RequiresCertificate
        ? Plain(ports)
        : port;

    /// <summary>The port that answers HTTP/1.1 without asking for a certificate.</summary>
    private static WorkloadPort? Plain(IReadOnlyList<WorkloadPort> ports) =>
        ports.FirstOrDefault(p => p is { Scheme: "http" or "https", IsHttp2: false, RequiresCertificate: false });

    /// <summary>A kubelet asks by HTTP/1.1, or over TLS by whichever both speak; HTTP/2 without TLS it cannot.</summary>
    private static bool CanAskHttp(string field, IResource resource, WorkloadPort port, ValidationErrors errors)
    {
        if (port is { IsHttp2: true, Scheme: "http" })
        {
            errors.Add(
                resource.Name,
                field,
                $"asks the endpoint '{port.Endpoint}' by HTTP/1.1, but it speaks HTTP/2 without TLS only",
                "use WithGrpcProbe(…), or ask an endpoint that speaks HTTP/1.1");
            return false;
        }

        return true;
    }

    /// <summary>A kubelet asks gRPC without TLS; and a project without HTTP/2 on the endpoint answers in HTTP/1.1.</summary>
    private static bool CanAskGrpc(PodProbe probe, IResource resource, WorkloadPort port, ValidationErrors errors)
    {
        if (port.Scheme == "https" || (resource is ProjectResource && !port.IsHttp2))
        {
            errors.Add(
                resource.Name,
                $"{probe} probe",
                $"asks the endpoint '{port.Endpoint}' by gRPC without TLS, but it speaks " +
                $"{(port.Scheme == "https" ? "TLS" : "HTTP/1.1")}",
                "name an endpoint that speaks HTTP/2 without TLS (AsHttp2Service()), or use WithHttpGetProbe(…)");
            return false;
        }

        return true;
    }

    private static ProbeTiming Startup() => new(Period: 1, FailureThreshold: StartupThreshold);

    private static Probe Grpc(WorkloadPort port, string service) =>
        new() { Grpc = new(port.Number, service.Length == 0 ? null : service) };

    private static Probe Http(WorkloadPort port, string path) =>
        new() { HttpGet = new(path, port.Name, port.Scheme == "https" ? "HTTPS" : null) };

    private static Probe Timed(Probe probe, ProbeTiming timing) => probe with
    {
        InitialDelaySeconds = timing.InitialDelay == 0 ? null : timing.InitialDelay,
        PeriodSeconds = timing.Period,
        TimeoutSeconds = timing.Timeout,
        FailureThreshold = timing.FailureThreshold,
    };
}
