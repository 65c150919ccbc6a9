using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace MonoRepo.Hosting.App.Backchannel;

/// <summary>What the aspire command shows of a publishing: steps that begin and end, lines that they say, the end.</summary>
internal sealed class PublishingActivities
{
    // The token of the one stream that there is: StreamJsonRpc lets the client ask for more of it by this number.
    private const int Token = 1;

    private readonly Channel<JsonNode> _activities = Channel.CreateUnbounded<JsonNode>();

    internal void Begin(string step) => Add("step", step, step, "InProgress", null);

    internal void Say(string step, string line, bool isError)
    {
        var activity = Activity("log", Guid.NewGuid().ToString("N"), line, "InProgress");
        activity["data"]!["stepId"] = step;
        activity["data"]!["logLevel"] = isError ? "Error" : "Information";
        activity["data"]!["timestamp"] = DateTimeOffset.UtcNow;
        _activities.Writer.TryWrite(activity);
    }

    internal void End(string step, bool succeeded, string message)
    {
        var state = succeeded ? "Completed" : "CompletedWithError";
        Add("step", step, step, state, message);
        Add("publish-complete", "publish-complete", message, state, message);
        _activities.Writer.TryComplete();
    }

    /// <summary>The stream, before its first element: <c>{"token":1,"values":[]}</c>.</summary>
    internal static JsonNode Stream() => new JsonObject { ["token"] = Token, ["values"] = new JsonArray() };

    /// <summary>What has come since; waits for something: <c>{"values":[…],"finished":false}</c>.</summary>
    internal async Task<JsonNode?> NextAsync(CancellationToken cancellationToken)
    {
        var more = await _activities.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false);
        var values = new JsonArray();
        while (_activities.Reader.TryRead(out var activity))
        {
            values.Add(activity);
        }

        return new JsonObject { ["values"] = values, ["finished"] = !more };
    }

    private void Add(string type, string id, string text, string state, string? message)
    {
        var activity = Activity(type, id, text, state);
        activity["data"]!["completionMessage"] = message;
        _activities.Writer.TryWrite(activity);
    }

    private static JsonObject Activity(string type, string id, string text, string state) => new()
    {
        ["type"] = type,
        ["data"] = new JsonObject { ["id"] = id, ["statusText"] = text, ["completionState"] = state, ["enableMarkdown"] = false },
    };
}
