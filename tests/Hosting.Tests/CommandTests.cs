using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using MonoRepo.Hosting;

namespace MonoRepo.Tests;

public sealed class CommandTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task ACommandIsExecutedOnEveryInstance()
    {
        var builder = Graph.Create();
        var asked = new List<string>();
        var a = builder.AddExecutable("a", "x", ".").WithAnnotation(new InstancesAnnotation(["a-1", "a-2"])).WithCommand("go", "Go", context =>
        {
            asked.Add(context.ResourceName);
            return Task.FromResult(context.ResourceName == "a-2" ? CommandResults.Failure("no luck") : CommandResults.Success());
        });
        await using var application = new Published(builder);
        await application.State(a, KnownResourceStates.Running);
        var all = await application.Application.ResourceCommands.ExecuteCommandAsync(a.Resource, "go", Cancel);
        Assert.Equal(["a-1", "a-2"], asked);
        Assert.Equal((false, $"1 command executions failed.{Environment.NewLine}Resource 'a-2' failed with error message: no luck"), (all.Success, all.Message));
        Assert.True((await application.Application.ResourceCommands.ExecuteCommandAsync("a-1", "go", Cancel)).Success);
    }

    [Fact]
    public async Task WhatCannotBeExecutedFails()
    {
        var builder = Graph.Create();
        var a = builder.AddExecutable("a", "x", ".")
            .WithCommand("throw", "Throw", _ => throw new InvalidOperationException("broken"))
            .WithCommand("stop", "Stop", _ => throw new OperationCanceledException());
        await using var application = new Published(builder);
        await application.State(a, KnownResourceStates.Running);
        Assert.Equal("broken", (await Execute("a", "throw")).Message);
        Assert.True((await Execute("a", "stop")).Canceled);
        Assert.Equal("Command 'other' not available for resource 'a'.", (await Execute("a", "other")).Message);
        Assert.Equal("Resource 'b' not found.", (await Execute("b", "go")).Message);

        Task<ExecuteCommandResult> Execute(string resource, string command) =>
            application.Application.ResourceCommands.ExecuteCommandAsync(resource, command, Cancel);
    }

    [Fact]
    public void ASecondCommandOfOneNameTakesThePlaceOfTheFirst()
    {
        var a = Graph.Create().AddExecutable("a", "x", ".")
            .WithCommand("go", "One", _ => Task.FromResult(CommandResults.Success()))
            .WithCommand("go", "Two", _ => Task.FromResult(CommandResults.Success()));
        Assert.Equal("Two", Assert.Single(a.Resource.Annotations.OfType<ResourceCommandAnnotation>()).DisplayName);
    }
}
