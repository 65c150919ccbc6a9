using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MonoRepo.Hosting.App.Backchannel;

/// <summary>
/// The serving side of JSON-RPC 2.0 as StreamJsonRpc frames it: <c>Content-Length: 42\r\n\r\n{"jsonrpc":"2.0","id":1,"method":"…","params":[…]}</c>.
/// Requests are answered as they are done, in any order.
/// </summary>
/// <param name="stream">The connection.</param>
/// <param name="answer">Answers a request by its method and parameters; null where there is no such method.</param>
/// <param name="answered">Is told the method once its answer is on its way.</param>
internal sealed class JsonRpcServer(Stream stream, Func<string, JsonArray, CancellationToken, Task<JsonNode?>?> answer, Action<string> answered)
{
    private const int MethodNotFound = -32601;
    private const int Failed = -32000;
    private const string Length = "Content-Length:";

    private readonly SemaphoreSlim _writing = new(1);

    /// <summary>Serves until the other side closes the connection.</summary>
    internal async Task ServeAsync(CancellationToken cancellationToken)
    {
        while (await ReadAsync(cancellationToken).ConfigureAwait(false) is { } message)
        {
            if (message["method"]?.GetValue<string>() is { } method)
            {
                _ = RespondAsync(message, method, cancellationToken);
            }
        }
    }

    private async Task RespondAsync(JsonObject message, string method, CancellationToken cancellationToken)
    {
        var response = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = message["id"]?.DeepClone() };
        try
        {
            if (answer(method, message["params"] as JsonArray ?? [], cancellationToken) is { } result)
            {
                response["result"] = await result.ConfigureAwait(false);
            }
            else
            {
                response["error"] = new JsonObject { ["code"] = MethodNotFound, ["message"] = $"There is no method '{method}'." };
            }
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            response["error"] = new JsonObject { ["code"] = Failed, ["message"] = exception.Message };
        }

        try
        {
            // Without an id it was a notification, which nobody waits for.
            if (message["id"] is not null)
            {
                await WriteAsync(response, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            answered(method);
        }
    }

    private async Task<JsonObject?> ReadAsync(CancellationToken cancellationToken)
    {
        var length = 0;
        while (await ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            if (line.Length == 0)
            {
                var body = new byte[length];
                await stream.ReadExactlyAsync(body, cancellationToken).ConfigureAwait(false);
                return JsonNode.Parse(body)!.AsObject();
            }

            length = line.StartsWith(Length, StringComparison.OrdinalIgnoreCase) ? int.Parse(line.AsSpan(Length.Length), NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture) : length;
        }

        return null;
    }

    /// <summary>A line of the header; null at the end of the stream. Headers are short, so byte by byte is good enough.</summary>
    private async Task<string?> ReadLineAsync(CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        var next = new byte[1];
        while (await stream.ReadAsync(next, cancellationToken).ConfigureAwait(false) == 1)
        {
            switch ((char)next[0])
            {
                case '\n':
                    return line.ToString();
                case '\r':
                    break;
                case var other:
                    line.Append(other);
                    break;
            }
        }

        return null;
    }

    private async Task WriteAsync(JsonObject message, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(message);
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"{Length} {body.Length}\r\n\r\n"), cancellationToken).ConfigureAwait(false);
            await stream.WriteAsync(body, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _writing.Release();
        }
    }
}
