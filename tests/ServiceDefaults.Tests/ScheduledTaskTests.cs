using System.Diagnostics;
using System.Runtime.InteropServices;

namespace MonoRepo.Tests;

/// <summary>tests/ScheduledService as a CronJob starts it.</summary>
public sealed class ScheduledTaskTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("greeting", 0, "greeting: hello")]
    [InlineData("Greeting", 0, "The task Greeting is done after")]
    [InlineData("failing", 1, "The task failing failed after")]
    [InlineData("failing", 1, "out of milk")]
    [InlineData(
        "wrong", 1,
        "error: The task 'wrong' is MonoRepo.Tests.Tasks.Return, which is not a static method that returns a Task. Make it one.")]
    [InlineData(
        "lunch", 1,
        "error: ScheduledService has no task 'lunch'. It has endless, failing, greeting, wrong: add " +
        "[ScheduledTask(\"lunch\")] to a method.")]
    public async Task Task_RunsAlone_AndItsEndIsThatOfTheProcess(string task, int exitCode, string line)
    {
        var run = await ProgramRun.RunAsync(Create(task), Token);

        var text = run.Output + run.Error;
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains(line, text, StringComparison.Ordinal);
        Assert.DoesNotContain("worker: works", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Now listening", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Task_IsCancelledBySigterm()
    {
        using var process = Process.Start(Create("endless"))!;
        Assert.Equal("endless: waits", await process.StandardOutput.ReadLineAsync(Token));

        Assert.Equal(0, SendSignal(process.Id, signal: 15));

        await process.WaitForExitAsync(Token);
        Assert.Equal(1, process.ExitCode);
        Assert.Contains(
            "The task endless failed after", await process.StandardOutput.ReadToEndAsync(Token), StringComparison.Ordinal);
    }

    private static ProcessStartInfo Create(string task) =>
        new("dotnet", [Path.Combine(AppContext.BaseDirectory, "ScheduledService.dll"), "--scheduled-task", task])
        {
            Environment = { ["Greeting"] = "hello" },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int pid, int signal);
}
