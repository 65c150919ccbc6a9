using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace MonoRepo.Tests;

/// <summary>The defaults of a run, as the console shows them.</summary>
public sealed class RunDefaultsTests
{
    [Fact]
    public async Task Crash_IsToldWithItsLastLines()
    {
        await using var run = TestAppHostProcess.Start("--Test:Graph=crash,idle");

        await run.WaitForAsync("error: crash ended with exit code 3. Its last lines:");
        await run.WaitForAsync("\n  last words\n");
    }

    [Fact]
    public async Task RestartPolicy_RestartsUntilItGivesUp()
    {
        await using var run = TestAppHostProcess.Start("--Test:Graph=flaky,idle");

        await run.WaitForAsync("warning: flaky is restarted in 0.01 s (restart 1).");
        await run.WaitForAsync("warning: flaky is restarted in 0.02 s (restart 2).");
        await run.WaitForAsync("error: flaky was restarted 2 times and is left alone now.");
    }

    [Fact]
    public async Task Wait_IsExplained()
    {
        await using var run = TestAppHostProcess.Start("--Test:Graph=stuck");

        await run.WaitForAsync("warning: waiting still waits for stuck (stuck_http_/health_418_check ");
    }

    [Fact]
    public async Task FixedPort_Taken_NamesTheHolder_AndTheResourceDoesNotStart()
    {
        ProcessFamily.SkipUnlessReadable();
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();
        var port = ((IPEndPoint)holder.LocalEndpoint).Port;

        var run = await TestAppHostProcess.RunAsync(
            "run", "--exit", "--Test:Graph=port,idle", Invariant($"--Test:Port={port}"),
            Invariant($"--Test:TargetPort={port + 1}"));

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(run.Errors, line => line.StartsWith("web is FailedToStart.", StringComparison.Ordinal));
        var me = System.Diagnostics.Process.GetCurrentProcess().ProcessName;
        Assert.Contains(
            Invariant($"Port {port} of 'web' is taken by {me} (pid {Environment.ProcessId}). Stop it, change the port in ") +
            "AppHost/Program.cs, or let the AppHost use free ports: --DcpPublisher:RandomizePorts=true\n", run.Text,
            StringComparison.Ordinal);
        Assert.Equal(2, run.Text.Split(Invariant($"Port {port} of 'web'")).Length);
        Assert.False(run.Text.Contains("\n   at ", StringComparison.Ordinal), run.Text);
    }

    [Fact]
    public async Task DeferredStart_StartsAfterTheOthers()
    {
        await using var run = TestAppHostProcess.Start("run", "--wait", "--Test:Graph=deferred,idle");

        // The table of those that are waited for, then the line of the one that was not.
        await run.WaitForAsync("\nidle ");
        Assert.DoesNotContain("\ndeferred ", run.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("after the others", run.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_ChecksPortsAndTools()
    {
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();
        var port = ((IPEndPoint)holder.LocalEndpoint).Port;

        var text = await TestAppHostProcess.RunAsync(
            "doctor", "--Test:Graph=port", Invariant($"--Test:Port={port}"), Invariant($"--Test:TargetPort={port + 1}"));
        var json = await TestAppHostProcess.RunAsync("doctor", "--output", "json", "--Test:Graph=idle");

        Assert.Equal((1, 0), (text.ExitCode, json.ExitCode));
        Assert.Matches(Invariant($"FAILED +ports +{port} of 'web' is taken by "), text.Text);
        Assert.Matches("ok +DCP +", text.Text);
        Assert.Matches("optional +no-such-tool +not found\n +Only tests need it; install it for them.", text.Text);
        using var findings = System.Text.Json.JsonDocument.Parse(json.Text);
        Assert.Contains(findings.RootElement.EnumerateArray(), f =>
            f.GetProperty("check").GetString() == "ports" && f.GetProperty("verdict").GetString() == "ok");
    }

    [Fact]
    public async Task Schedule_StartsTasksWhenTheyAreDue_AndNotBefore()
    {
        await using var run = TestAppHostProcess.Start("run", "--wait", "--Test:Graph=schedule,idle");

        await run.WaitForAsync("\nidle ");
        await run.WaitForAsync(
            "error: The schedule of never is never due: 'every day' isn't a cron expression; " +
            "use five fields such as '0 3 * * *'.");
        await run.WaitForAsync("error: no-such-task ended with exit code 1.");
        Assert.DoesNotContain("\ngreeting ", run.Text, StringComparison.Ordinal);
        Assert.Contains(
            "error: ScheduledService has no task 'no-such-task'. It has endless, failing, greeting, wrong", run.Text,
            StringComparison.Ordinal);
        Assert.DoesNotContain("greeting ended", run.Text, StringComparison.Ordinal);
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
