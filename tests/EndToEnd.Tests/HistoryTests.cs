using System.Diagnostics;
using System.Text.Json.Nodes;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Tests;

/// <summary>What is written down of what was done to an environment.</summary>
public sealed class HistoryTests
{
    private const string Graph = "tests/DeployedAppHost";

    [Fact]
    public async Task ChangesAreListedWithWhoAndWhat_AndAreEventsOfTheInventory()
    {
        await using var environment = await PersonalEnvironment.CreateAsync(Graph);
        (await environment.RunAsync("apply", "one")).Succeeded();
        (await environment.RunAsync("apply", "one")).Succeeded();
        (await environment.RunAsync("restart", "one")).Succeeded();
        (await environment.RunAsync("apply", "one", "--Test:Setting:one", "b")).Succeeded();
        (await environment.RunAsync("rollback", "one")).Succeeded();

        var history = JsonNode.Parse((await environment.RunAsync("history", "-o", "json")).Succeeded())!["history"]!.AsArray();
        Assert.Equal(
            ["rollback done", "apply done", "restart done", "apply done"], history.Select(e => $"{e!["command"]} {e["result"]}"));
        Assert.All(history, e => Assert.Equal("one", (string?)Assert.Single(e!["resources"]!.AsArray())));
        Assert.All(history, e => Assert.False(string.IsNullOrEmpty((string?)e!["user"])));
        var image = Assert.Single(history[3]!["images"]!.AsArray())!;
        Assert.Null(image["before"]);
        Assert.StartsWith("sha256:", (string?)image["after"], StringComparison.Ordinal);
        Assert.StartsWith("back to revision 1 ", (string?)history[0]!["note"], StringComparison.Ordinal);
        Assert.Matches(@"\n\S+ \S+ +rollback +done +\d+s .* one; back to revision 1", (await environment.RunAsync(
            "history", "--since", "1h", "--limit", "1")).Succeeded());

        var name = (await environment.NamesAsync("ConfigMap")).Single(n => n.EndsWith("-inventory", StringComparison.Ordinal));
        var events = (await environment.GetAsync("Event.events.k8s.io")).Where(e => e.TextAt("regarding", "name") == name)
            .ToList();
        Assert.Equal(["Applied", "Applied", "Restarted", "RolledBack"], events.Select(e => e.Text("reason")!)
            .Order(StringComparer.Ordinal));
        var uid = await environment.ValueAsync($"ConfigMap/{name}", "metadata", "uid");
        Assert.All(events, e => Assert.Equal(uid, e.TextAt("regarding", "uid")));

        var silence = await environment.RunAsync("silence", "list");
        Assert.Equal(1, silence.ExitCode);
        Assert.StartsWith("No service found for 'alertmanager' in namespace ", silence.Error, StringComparison.Ordinal);

        (await environment.RunAsync("delete", "--yes")).Succeeded();
        Assert.Empty(await environment.NamesAsync("ConfigMap"));
    }

    [Fact]
    public async Task AnInterruptedApplyIsListed()
    {
        await using var environment = await PersonalEnvironment.CreateAsync(Graph);
        using var apply = Process.Start(environment.Start("apply", "one"))!;
        var token = TestContext.Current.CancellationToken;
        string? line;
        do
        {
            line = await apply.StandardOutput.ReadLineAsync(token);
            Assert.NotNull(line);
        }
        while (!line.Contains("0/1 ready", StringComparison.Ordinal));

        // Once: a second signal ends it on the spot. Ctrl+C does the same, but would reach this process, too.
        (await ProgramRun.RunAsync(new("kill", ["-TERM", $"{apply.Id}"]), token)).Succeeded();
        await apply.StandardOutput.ReadToEndAsync(token);
        await apply.WaitForExitAsync(token);
        Assert.Equal(130, apply.ExitCode);
        Assert.Matches(
            @"\n\S+ \S+ +apply +failed +\d+s .* one; .*interrupted", (await environment.RunAsync("history")).Succeeded());
        (await environment.RunAsync("apply", "one")).Succeeded();
    }

    [Fact]
    public async Task WhoMayNotWriteEventsIsWarnedOnce_AndApplies()
    {
        await using var environment = await PersonalEnvironment.CreateAsync(Graph);
        using var nobody = await environment.NobodyAsync();
        await environment.CreateAsync("""
            {apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: old}, rules: [
              {apiGroups: [""], resources: [configmaps, services, serviceaccounts, pods, secrets, events, "pods/log"], verbs: ["*"]},
              {apiGroups: [apps], resources: ["*"], verbs: ["*"]},
              {apiGroups: [networking.k8s.io, policy, autoscaling, batch], resources: ["*"], verbs: ["*"]}]}
            """);
        await environment.CreateAsync(
            $"{{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {{name: old}}, roleRef: {{apiGroup: " +
            $"rbac.authorization.k8s.io, kind: Role, name: old}}, subjects: [{{kind: ServiceAccount, name: " +
                    $"{NobodyConfig.User}, namespace: {environment.Namespace}}}]}}");

        var applied = await environment.RunAsync(nobody, "apply", "one");

        applied.Succeeded();
        Assert.Single(applied.Error.Split('\n'), l => l.StartsWith(
            "warning: 'apply' is missing in the history of 'personal', or in its events: ", StringComparison.Ordinal));
        Assert.Contains($"system:serviceaccount:{environment.Namespace}:{NobodyConfig.User}", (await environment.RunAsync(
            "history", "-o", "wide")).Succeeded(), StringComparison.Ordinal);
    }
}
