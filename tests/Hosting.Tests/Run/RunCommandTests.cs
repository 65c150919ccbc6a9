namespace MonoRepo.Tests;

/// <summary><c>run</c>, <c>run --wait</c> and <c>run --exit</c>, with DCP and the dashboard.</summary>
public sealed class RunCommandTests
{
    [Fact]
    public async Task RunExit_AllReady_PrintsTableAndEnds()
    {
        ProcessFamily.SkipUnlessReadable();

        await using var run = TestAppHostProcess.Start("run", "--exit", "--Test:Graph=idle,job");

        Assert.Equal(0, await run.WaitForExitAsync());
        Assert.Matches(@"RESOURCE +STATE +HEALTH +HEALTHY AFTER +URLS\n", run.Text);
        Assert.Matches(@"\nidle +Running +Healthy +\d+\.\d s +http://localhost:\d+\n", run.Text);
        Assert.Matches(@"\njob +(Running|Finished) +", run.Text);
        Assert.Empty(await run.WaitUntilGoneAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task RunExit_ResourceFailed_PrintsItsLastLines()
    {
        var run = await TestAppHostProcess.RunAsync("run", "--wait", "--exit", "--Test:Graph=crash,idle");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("crash is Finished with exit code 3. Its last lines:", run.Errors);
        Assert.Contains("  first", run.Errors);
        Assert.Contains("  last words", run.Errors);
        Assert.Equal(2, run.Text.Split("  last words").Length);
    }

    [Fact]
    public async Task RunExit_ProgramMissing_Fails()
    {
        var run = await TestAppHostProcess.RunAsync("run", "--exit", "--Test:Graph=missing");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(run.Errors, line => line.StartsWith("missing is FailedToStart.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunExit_Timeout_Fails()
    {
        var run = await TestAppHostProcess.RunAsync("run", "--exit", "--timeout", "10", "--Test:Graph=stuck");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(run.Errors, line => line.StartsWith("stuck is not healthy after 10 s: ", StringComparison.Ordinal));
        Assert.Contains(run.Errors, line => line.StartsWith("waiting is not healthy after 10 s: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunExit_TimeoutBeforeAnythingIsStarted_Fails()
    {
        var run = await TestAppHostProcess.RunAsync("run", "--exit", "--timeout", "1", "--Test:Graph=stuck");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(run.Errors, line => line == "No resource was started within 1 s."
            || line.StartsWith("stuck is not healthy after 1 s: ", StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", run.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ConsoleSaysOneLine_AndCtrlCLeavesNothing()
    {
        ProcessFamily.SkipUnlessReadable();
        await using var run = TestAppHostProcess.Start("--Test:Graph=idle");
        await run.WaitForAsync("Login to the dashboard at http://localhost:");
        Assert.Contains(run.Members(), p => p.CommandLine.Contains("Aspire.Dashboard", StringComparison.Ordinal));

        run.Interrupt();

        Assert.Equal(0, await run.WaitForExitAsync());
        Assert.Empty(await run.WaitUntilGoneAsync(TimeSpan.FromSeconds(10)));
        Assert.Matches(@"^Login to the dashboard at http://localhost:\d+/login\?t=[0-9a-f]+\n$", run.Text);
    }

    [Fact]
    public async Task RunWait_CtrlCBeforeAllIsHealthy_Fails()
    {
        ProcessFamily.SkipUnlessReadable();
        await using var run = TestAppHostProcess.Start("run", "--wait", "--Test:Graph=stuck");
        await run.WaitForAsync("Login to the dashboard at ");

        run.Interrupt();

        Assert.Equal(1, await run.WaitForExitAsync());
        // DCP itself ends a moment later.
        Assert.DoesNotContain(run.Members(), p => !p.CommandLine.Contains("/dcp ", StringComparison.Ordinal));
        Assert.Empty(await run.WaitUntilGoneAsync(TimeSpan.FromSeconds(10)));
        Assert.DoesNotContain("   at ", run.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ServiceOfTheAppHostFails_SaysSoAndFails()
    {
        var run = await TestAppHostProcess.RunAsync("--Test:Graph=service,idle");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("FailingService failed: It broke.", run.Errors);
    }

    [Fact]
    public async Task Configuration_OnTheCommandLine_IsObeyed()
    {
        await using var run = TestAppHostProcess.Start("--Test:Graph=idle", "--Logging:LogLevel:Default", "Debug");

        await run.WaitForAsync("Aspire.Hosting.ApplicationModel.ResourceNotificationService");
    }
}
