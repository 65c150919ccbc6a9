using System.Diagnostics;
using System.Text.RegularExpressions;

namespace MonoRepo.Tests;

/// <summary>
/// Playbooks and silences on a real cluster that has the operators' CustomResourceDefinitions. What the Prometheus operator would
/// run of Alertmanager is run by the test, with the operator's labels and names.
/// </summary>
public sealed partial class PlaybooksTests
{
    private const string Image = "quay.io/prometheus/alertmanager:v0.28.1";

    [Fact]
    public async Task PagesShowTheSilence_AndWhatWasDone()
    {
        await using var environment = await PersonalEnvironment.CreateAsync("AppHost", "telemetry-api-key", "notifier-token");
        Assert.SkipWhen(
            Environment.GetEnvironmentVariable("MONOREPO_TEST_CRDS") is null or "",
            "The cluster has no CustomResourceDefinitions of the Prometheus operator (MONOREPO_TEST_CRDS).");
        await environment.CreateAsync($$$$"""
            {apiVersion: v1, kind: Pod, metadata: {name: alertmanager, labels: {app.kubernetes.io/name: alertmanager}}, spec: {
              securityContext: {runAsNonRoot: true, runAsUser: 65534, seccompProfile: {type: RuntimeDefault}},
              containers: [{name: alertmanager, image: "{{{{Image}}}}", command: [sh, -c], args: [
                'printf "route: {receiver: none}\nreceivers: [{name: none}]\n" >/tmp/a.yml;
                 exec /bin/alertmanager --config.file=/tmp/a.yml --storage.path=/tmp/data --cluster.listen-address='],
                ports: [{name: web, containerPort: 9093}],
                resources: {requests: {cpu: 10m, memory: 64Mi}, limits: {memory: 128Mi}},
                securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}]}}
            """);
        await environment.CreateAsync("""
            {apiVersion: v1, kind: Service, metadata: {name: alertmanager-operated}, spec: {clusterIP: None,
              selector: {app.kubernetes.io/name: alertmanager}, ports: [{name: web, port: 9093, targetPort: web}]}}
            """);
        (await environment.RunAsync("apply", "playbooks", "monitoring")).Succeeded();

        var id = await SilenceAsync(environment);
        Assert.Contains(
            "alertname=\"NoData\": known", (await environment.RunAsync("silence", "list")).Succeeded(), StringComparison.Ordinal);

        using var forward = Process.Start(environment.Start("port-forward", "playbooks"))!;
        using var http = new HttpClient { BaseAddress = await AddressAsync(forward) };
        await PersonalEnvironment.UntilAsync(
            async () => (await PageAsync(http, "/")).Contains("alertname=&quot;NoData&quot;", StringComparison.Ordinal),
            "the first page shows the silence");
        // The kubelet brings the file up to date.
        await PersonalEnvironment.UntilAsync(
            async () => await PageAsync(http, "/history") is var page && page.Contains(">apply\n", StringComparison.Ordinal)
                && page.Contains(">silence add\n", StringComparison.Ordinal),
            "the history has both");
        Assert.Contains(
            "history_entry_time_milliseconds{", await PageAsync(http, "/metrics"), StringComparison.Ordinal);
        Assert.Contains("<h1>NoData: ", await PageAsync(http, "/runbooks/NoData.md"), StringComparison.Ordinal);
        forward.Kill();

        (await environment.RunAsync("silence", "expire", id)).Succeeded();
        Assert.StartsWith("No silences", (await environment.RunAsync("silence", "list")).Succeeded(), StringComparison.Ordinal);
    }

    // Alertmanager may still be starting.
    private static async Task<string> SilenceAsync(PersonalEnvironment environment)
    {
        var id = "";
        await PersonalEnvironment.UntilAsync(
            async () =>
            {
                var run = await environment.RunAsync("silence", "add", "NoData", "--comment", "known");
                id = run.Output.Trim();
                return run.ExitCode == 0;
            },
            "Alertmanager takes a silence");
        return id;
    }

    private static async Task<Uri> AddressAsync(Process forward)
    {
        while (await forward.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (Address().Match(line) is { Success: true } found)
            {
                return new(found.Value);
            }
        }

        throw new InvalidOperationException("The port-forward ended.");
    }

    private static async Task<string> PageAsync(HttpClient http, string path)
    {
        using var response = await http.GetAsync(path, TestContext.Current.CancellationToken);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    [GeneratedRegex("http://[0-9.]+:[0-9]+")]
    private static partial Regex Address();
}
