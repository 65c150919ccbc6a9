using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace MonoRepo.Hosting.App.Backchannel;

/// <summary>
/// The aspire command, where it started the AppHost to publish (<c>aspire publish</c>, <c>aspire do publish-manifest</c>): it connects to
/// the socket of <c>ASPIRE_BACKCHANNEL_PATH</c>, shows the steps and ends when it is told that all is done.
/// </summary>
internal sealed class AspireCommand(string socketPath) : IAsyncDisposable
{
    private const string Stop = "RequestStopAsync";

    // The command connects as soon as the socket is there, and asks to stop as soon as it knows the end.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly PublishingActivities _activities = new();
    private readonly TaskCompletionSource _watched = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _stop = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _end = new();
    private Task _serving = Task.CompletedTask;

    /// <summary>Publishes: <paramref name="publish"/> writes what it has to say and returns an exit code.</summary>
    internal async Task<int> ShowAsync(string step, Func<TextWriter, TextWriter, Task<int>> publish)
    {
        File.Delete(socketPath);
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(socketPath));
        listener.Listen(1);
        _serving = ServeAsync(listener);
        await Task.WhenAny(_watched.Task, _stop.Task, Task.Delay(s_patience)).ConfigureAwait(false);
        if (_stop.Task.IsCompleted)
        {
            return ExitCodes.Done; // it wanted to know the steps only
        }

        _activities.Begin(step);
        var (output, error) = (new StringWriter(), new StringWriter());
        var exitCode = await publish(output, error).ConfigureAwait(false);
        await TellAsync(step, output, isError: false).ConfigureAwait(false);
        await TellAsync(step, error, isError: true).ConfigureAwait(false);
        _activities.End(step, exitCode == ExitCodes.Done, exitCode == ExitCodes.Done ? "Done." : $"Failed with exit code {exitCode}.");
        await Task.WhenAny(_stop.Task, _serving, Task.Delay(s_patience)).ConfigureAwait(false);
        return exitCode;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
        File.Delete(socketPath);
    }

    private async Task TellAsync(string step, StringWriter said, bool isError)
    {
        // The command keeps what the process prints in its log file.
        await (isError ? Console.Error : Console.Out).WriteAsync(said.ToString()).ConfigureAwait(false);
        foreach (var line in said.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            _activities.Say(step, line.TrimEnd('\r'), isError);
        }
    }

    private async Task ServeAsync(Socket listener)
    {
        using var client = await listener.AcceptAsync(_end.Token).ConfigureAwait(false);
        await using var stream = new NetworkStream(client);
        await new JsonRpcServer(stream, Answer, Answered).ServeAsync(_end.Token).ConfigureAwait(false);
    }

    private Task<JsonNode?>? Answer(string method, JsonArray parameters, CancellationToken cancellationToken)
    {
        switch (method)
        {
            case "GetCapabilitiesAsync":
                return Task.FromResult<JsonNode?>(new JsonArray("baseline.v2", "pipeline-steps.v1"));
            case "GetPipelineStepsAsync":
                return Task.FromResult<JsonNode?>(new JsonObject { ["steps"] = new JsonArray([.. PipelineSteps.All.Select(Step)]) });
            case "GetPublishingActivitiesAsync":
                _watched.TrySetResult();
                return Task.FromResult<JsonNode?>(PublishingActivities.Stream());
            case "$/enumerator/next":
                return _activities.NextAsync(cancellationToken);
            case "$/enumerator/abort" or Stop:
                return Task.FromResult<JsonNode?>(null);
            default:
                return null;
        }
    }

    // Not before: the end of the process would cut the answer off.
    private void Answered(string method)
    {
        if (method == Stop)
        {
            _stop.TrySetResult();
        }
    }

    private static JsonNode Step(PipelineStep step) => new JsonObject
    {
        ["name"] = step.Name,
        ["description"] = step.Description,
        ["dependsOn"] = new JsonArray(),
        ["tags"] = new JsonArray(),
        ["resourceName"] = null,
    };
}
