using System.Diagnostics;
using System.Net;
using System.Text;

namespace MonoRepo.Tests;

/// <summary>The commands that a command advises, on a cluster that has nothing: they act where the command did.</summary>
public sealed class HintTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly HttpListener _cluster = new();

    [Theory]
    [InlineData("--env personal", "status")]
    [InlineData("--env personal --as newcomer", "status", "--as", "newcomer")]
    [InlineData("--env personal --as newcomer -n elsewhere", "diff", "--as", "newcomer", "--namespace", "elsewhere")]
    [InlineData("--env personal -n elsewhere", "apply", "-n", "elsewhere", "-e", "personal")]
    public async Task MissingNamespace_IsSaidInOneLine_WithTheOptionsThatWereTyped(string options, params string[] words)
    {
        var run = await RunAsync(words);

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.EndsWith($"'. Run `setup {options}`, which makes it.", Assert.Single(run.Error.Trim().Split('\n')));
    }

    [Fact]
    public async Task WhatFollowsTheDashes_IsTheCommand()
    {
        var run = await RunAsync("exec", "redis", "--", "--bogus");

        Assert.Equal(1, run.ExitCode);
        Assert.DoesNotContain("Unrecognized", run.Error);
    }

    public void Dispose()
    {
        _cluster.Close();
        _folder.Dispose();
    }

    private async Task<ProgramRun> RunAsync(params string[] words)
    {
        var address = $"http://127.0.0.1:{Tools.FreePort()}/";
        _cluster.Prefixes.Add(address);
        _cluster.Start();
        _ = AnswerAsync();
        var start = new ProcessStartInfo("dotnet", [AppHostTests.AppHost, .. words]);
        start.Environment["Environments__personal__Context"] = "nothing";
        start.Environment["KUBECONFIG"] = _folder.Write("config", $$$"""
            {"apiVersion": "v1", "kind": "Config", "current-context": "nothing", "users": [{"name": "me", "user": {}}],
             "clusters": [{"name": "it", "cluster": {"server": "{{{address}}}"}}],
             "contexts": [{"name": "nothing", "context": {"cluster": "it", "user": "me"}}]}
            """);

        return await ProgramRun.RunAsync(start, TestContext.Current.CancellationToken);
    }

    private async Task AnswerAsync()
    {
        while (_cluster.IsListening)
        {
            var response = (await _cluster.GetContextAsync()).Response;
            (response.StatusCode, response.ContentType) = (404, "application/json");
            response.Close(
                Encoding.UTF8.GetBytes("""{"kind": "Status", "reason": "NotFound", "code": 404, "message": "not found"}"""),
                willBlock: false);
        }
    }
}
