using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using MonoRepo.Hosting.Run.Dcp;
using MonoRepo.Hosting.Run.Dcp.Wire;
using MonoRepo.Hosting.Run.Orchestration;
using MonoRepo.Tests.Dcp;

namespace MonoRepo.Tests.Engine;

public sealed class EndOfAppHostTests
{
    private static readonly TimeSpan _deadline = TimeSpan.FromSeconds(40);

    [Fact]
    public async Task AKilledAppHostLeavesNothingRunning()
    {
        using var appHost = Process.Start("sleep", "300");
        using var session = await DcpSession.StartAsync(DcpBinary.Options, appHost.Id, TimeProvider.System, TestContext.Current.CancellationToken);
        await session.Client.CreateAsync(
            new DcpExecutable
            {
                Metadata = new() { Name = "family-a" },
                Spec = new() { ExecutablePath = "/bin/sh", Args = ["-c", "sleep 300 & echo $$ $!; wait"] },
            },
            TestContext.Current.CancellationToken);
        var pids = await ReadPidsAsync(session.Client);
        Assert.All(pids, pid => Assert.True(Runs(pid)));

        appHost.Kill();

        await UntilAsync(() => !pids.Any(Runs) && !Directory.Exists(session.Folder));
    }

    [Fact]
    public async Task AProcessThatIgnoresTheStopIsKilled()
    {
        var builder = new TestBuilder();
        builder.AddExecutable("stubborn", "/bin/sh", "/tmp", "-c", "trap '' TERM INT; echo ready; while :; do sleep 1; done");
        int pid;
        await using (var app = await RunningApp.StartAsync(builder))
        {
            var running = await app.UntilAsync("stubborn", KnownResourceStates.Running);
            pid = Convert.ToInt32(running.Snapshot.Properties.Single(property => property.Name == "executable.pid").Value, CultureInfo.InvariantCulture);
            await app.UntilWrittenAsync(running.ResourceId, "ready");
        }

        Assert.False(Runs(pid));
        Assert.Contains($"(pid {pid}) did not end when asked to and was killed", builder.Log.Text);
    }

    [Fact]
    public async Task TheEndOfDcpStopsTheApplicationWithOneLine()
    {
        var builder = new TestBuilder();
        builder.AddExecutable("worker", "/bin/sh", "/tmp", "-c", "while :; do sleep 60; done");
        await using var app = await RunningApp.StartAsync(builder);
        await app.UntilAsync("worker", KnownResourceStates.Running);
        var session = await app.Services.GetRequiredService<DcpHost>().SessionAsync();

        KillDcp(session.Folder);

        await app.UntilStoppingAsync();
        Assert.StartsWith("DCP, the orchestrator, ended unexpectedly", app.Services.GetRequiredService<RunOutcome>().Failure);
    }

    [Fact]
    public async Task AMissingDcpSaysWhatToDo()
    {
        var error = await Assert.ThrowsAsync<DistributedApplicationException>(() => DcpSession.StartAsync(
            new DcpOptions { CliPath = "/nowhere/dcp" }, Environment.ProcessId, TimeProvider.System, TestContext.Current.CancellationToken));

        Assert.Contains("not at /nowhere/dcp. Build the AppHost", error.Message);
    }

    [Fact]
    public async Task ADcpThatCannotBeExecutedSaysWhatToDo()
    {
        var file = Path.GetTempFileName();

        var error = await Assert.ThrowsAsync<DistributedApplicationException>(() => DcpSession.StartAsync(
            new DcpOptions { CliPath = file }, Environment.ProcessId, TimeProvider.System, TestContext.Current.CancellationToken));

        Assert.Contains("chmod +x", error.Message);
        File.Delete(file);
    }

    private static async Task<IReadOnlyList<int>> ReadPidsAsync(DcpClient client)
    {
        IReadOnlyList<int> pids = [];
        await UntilAsync(async () =>
        {
            await foreach (var line in client.LogAsync<DcpExecutable>("family-a", "stdout", follow: false, TestContext.Current.CancellationToken))
            {
                pids = [.. line.Split(' ')[1..].Select(text => int.Parse(text, CultureInfo.InvariantCulture))];
            }

            return pids.Count == 2;
        });
        return pids;
    }

    /// <summary>The API server and its controllers: both name the session's kubeconfig.</summary>
    private static void KillDcp(string folder)
    {
        foreach (var directory in Directory.EnumerateDirectories("/proc").Where(directory => int.TryParse(Path.GetFileName(directory), out _)))
        {
            if (ReadCommandLine(directory) is { } line && line.Contains("start-apiserver", StringComparison.Ordinal) && line.Contains(folder, StringComparison.Ordinal))
            {
                Process.GetProcessById(int.Parse(Path.GetFileName(directory), CultureInfo.InvariantCulture)).Kill();
            }
        }
    }

    private static string? ReadCommandLine(string directory)
    {
        try
        {
            return File.ReadAllText(Path.Combine(directory, "cmdline"));
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>A process that has ended may stay as a zombie until its parent looks.</summary>
    private static bool Runs(int pid)
    {
        try
        {
            return !File.ReadAllText($"/proc/{pid}/stat").Split(") ")[^1].StartsWith('Z');
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(_deadline);
        while (!await condition())
        {
            await Task.Delay(20, deadline.Token);
        }
    }
}
