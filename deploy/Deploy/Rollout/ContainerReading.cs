using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Rollout;

/// <summary>Says what stands in a container's way, from its status and the pod's events.</summary>
internal static class ContainerReading
{
    /// <summary>A container that was restarted this often is not merely waiting for something.</summary>
    private const int ManyRestarts = 3;

    /// <summary>The obstacle, or null where the container does what it should.</summary>
    public static PodProgress? Read(LiveObject pod, YamlMap status, bool isInit, IReadOnlyList<LiveEvent> events)
    {
        var name = status.TextAt("name") ?? "";
        var isSidecar = isInit && IsSidecar(pod, name);
        if (status.MapAt("state", "waiting") is { } waiting)
        {
            return Waiting(status, waiting, events) with { Container = name };
        }

        if (status.MapAt("state", "terminated") is { } ended)
        {
            var isDone = ended.NumberAt("exitCode") == 0 && !isSidecar
                && (isInit || pod.Map.TextAt("spec", "restartPolicy") is "Never" or "OnFailure");
            return isDone ? null : Crashed(status, ended) with { Container = name };
        }

        if (isInit && !isSidecar)
        {
            return Waits($"init container {name} runs") with { Container = name };
        }

        if (status.TextAt("started") == "false")
        {
            return Waits($"starting{Probe(name, events)}{Restarted(status)}") with
            {
                Container = name,
                HasCrashed = HasCrashed(status),
            };
        }

        return isSidecar || status.IsTrue("ready")
            ? null
            : Waits($"not ready{Probe(name, events)}{Restarted(status)}") with { Container = name };
    }

    /// <summary><c>exited with 137 (OOMKilled)</c>.</summary>
    public static string Ending(YamlMap terminated)
    {
        var reason = terminated.TextAt("reason");
        var message = OneLine.Of(terminated.TextAt("message"));
        return $"exited with {terminated.NumberAt("exitCode")}"
            + (reason is null or "Error" or "Completed" ? "" : $" ({reason})")
            + (message.Length == 0 ? "" : $": {message}");
    }

    private static PodProgress Waiting(YamlMap status, YamlMap waiting, IReadOnlyList<LiveEvent> events)
    {
        var reason = waiting.TextAt("reason") ?? "";
        var message = OneLine.Of(waiting.TextAt("message"));
        var image = status.TextAt("image");
        return reason switch
        {
            "ImagePullBackOff" or "ErrImagePull" or "InvalidImageName" or "ErrImageNeverPull" or "RegistryUnavailable"
                or "ImageInspectError" or "SignatureValidationFailed" =>
                Needs($"{reason}: cannot pull {image}{PullFault(message, events)}"),
            "CrashLoopBackOff" when status.MapAt("lastState", "terminated") is { } ended => Crashed(status, ended),
            "CrashLoopBackOff" => Needs($"CrashLoopBackOff: {message}") with { HasCrashed = true },
            "CreateContainerConfigError" or "CreateContainerError" or "RunContainerError" or "PreStartHookError"
                or "PostStartHookError" => Needs($"{reason}: {message}"),
            "PodInitializing" => Waits("waits for its init containers"),
            _ => Waits(Creating(image, events) ?? (reason is "" or "ContainerCreating"
                ? "creating the container"
                : OneLine.Of($"{reason}: {message}".TrimEnd(' ', ':')))),
        };
    }

    private static PodProgress Crashed(YamlMap status, YamlMap ended)
    {
        var restarts = status.NumberAt("restartCount") ?? 0;
        var isBackingOff = status.TextAt("state", "waiting", "reason") == "CrashLoopBackOff";
        return Waits(
            $"{(isBackingOff ? "CrashLoopBackOff: " : "")}container {status.TextAt("name")} " +
            $"{Ending(ended)}{Times(restarts)}") with
        {
            RequiresIntervention = restarts >= ManyRestarts,
            HasCrashed = restarts > 0 && status.At("state", "terminated") is null,
        };
    }

    /// <summary>The registry's answer: in the message of newer kubelets, else in the event.</summary>
    private static string PullFault(string message, IReadOnlyList<LiveEvent> events)
    {
        // Back-off pulling image "x": ErrImagePull: rpc error: code = NotFound desc = failed to pull and unpack image "x": …: not
        // found Failed to pull image "x": rpc error: code = NotFound desc = …
        var text = message.StartsWith("Back-off", StringComparison.Ordinal)
            && !message.Contains("desc = ", StringComparison.Ordinal)
            ? events.LastOrDefault(
                e => e.Reason == "Failed" && e.Message.StartsWith("Failed to pull", StringComparison.Ordinal))?.Message ?? message
            : message;
        var cause = text.IndexOf("desc = ", StringComparison.Ordinal);
        text = cause < 0 ? text : text[(cause + "desc = ".Length)..];
        return text.Length == 0 ? "" : ": " + text;
    }

    private static string? Creating(string? image, IReadOnlyList<LiveEvent> events)
    {
        var last = events.LastOrDefault(e => e.Reason is "Pulling" or "Pulled"
            || (e.IsWarning && e.Reason is "FailedMount" or "FailedAttachVolume" or "FailedCreatePodSandBox"));
        return last switch
        {
            { Reason: "Pulling" } => $"pulling {image}",
            { IsWarning: true } => $"{last.Reason}: {last.Message}",
            _ => null,
        };
    }

    private static string Probe(string container, IReadOnlyList<LiveEvent> events) =>
        events.LastOrDefault(e => e.Reason is "Unhealthy" or "ProbeWarning" && e.Container == container) is { } last ? ": " +
        last.Message : "";

    private static string Restarted(YamlMap status) =>
        HasCrashed(status)
        ? $"; before that it {Ending(status.MapAt("lastState", "terminated")!)}{Times(status.NumberAt("restartCount") ?? 0)}"
        : "";

    private static bool HasCrashed(YamlMap status) => status.At("lastState", "terminated") is not null;

    private static string Times(long restarts) => restarts switch { 0 => "", 1 => ", 1 restart", _ => $", {restarts} restarts" };

    private static bool IsSidecar(LiveObject pod, string name) =>
        pod.Map.ItemsAt("spec", "initContainers").Any(c => c.TextAt("name") == name && c.TextAt("restartPolicy") == "Always");

    private static PodProgress Waits(string reason) => new("", false, reason);

    private static PodProgress Needs(string reason) => Waits(reason) with { RequiresIntervention = true };
}
