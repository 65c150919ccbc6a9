namespace MonoRepo.Hosting.Monitoring.Local;

/// <summary>A program that monitors: what it is called on the PATH, and its image.</summary>
/// <param name="Programs">Names on the PATH: distributions differ.</param>
/// <param name="HealthPath">What answers 200 when it is ready.</param>
internal sealed record LocalTool(string Name, IReadOnlyList<string> Programs, string Image, string Install, string HealthPath)
{
    public static LocalTool Prometheus { get; } = new(
        "prometheus",
        ["prometheus"],
        $"{MonitoringImages.PrometheusRegistry}/{MonitoringImages.Prometheus}:{MonitoringImages.PrometheusTag}",
        "apt install prometheus (Debian, Ubuntu), or a container runtime that is running",
        "/-/ready");

    public static LocalTool Alertmanager { get; } = new(
        "alertmanager",
        ["prometheus-alertmanager", "alertmanager"],
        $"{MonitoringImages.PrometheusRegistry}/{MonitoringImages.Alertmanager}:{MonitoringImages.AlertmanagerTag}",
        "apt install prometheus-alertmanager (Debian, Ubuntu), or a container runtime that is running",
        "/-/ready");

    /// <summary>Its native packages need a home folder of their own, so that only the image is used.</summary>
    public static LocalTool Grafana { get; } = new(
        "grafana",
        [],
        $"{MonitoringImages.GrafanaRegistry}/{MonitoringImages.Grafana}:{MonitoringImages.GrafanaTag}",
        "a container runtime that is running, docker or podman",
        "/api/health");

    public static IReadOnlyList<LocalTool> All { get; } = [Prometheus, Alertmanager, Grafana];
}

/// <summary>How the programs that monitor are run on this machine.</summary>
internal enum LocalPrograms
{
    /// <summary>Native programs where they are on the PATH, else containers where there is a runtime, else not at all.</summary>
    Auto,

    /// <summary>Native programs only.</summary>
    Native,

    /// <summary>Containers only.</summary>
    Container,

    /// <summary>Not at all.</summary>
    Off,
}

/// <summary>What a tool is run with.</summary>
/// <param name="Command">The program itself or the container runtime; null: neither is there, or the runtime is not
/// running.</param>
internal sealed record ToolChoice(string? Command, bool IsContainer)
{
    private static readonly string[] s_runtimes = ["docker", "podman"];

    public static ToolChoice Of(LocalTool tool, LocalPrograms programs, string path, Func<string, bool> isUp)
    {
        if (programs is LocalPrograms.Auto or LocalPrograms.Native
            && tool.Programs.FirstOrDefault(p => ProgramSearch.IsOn(path, p)) is { } native)
        {
            return new(native, false);
        }

        return programs is LocalPrograms.Auto or LocalPrograms.Container
            && s_runtimes.FirstOrDefault(r => ProgramSearch.IsOn(path, r) && isUp(r)) is { } runtime
            ? new(runtime, true)
            : new(null, false);
    }
}
