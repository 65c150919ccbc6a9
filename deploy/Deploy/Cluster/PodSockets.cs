using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using k8s;
using k8s.Autorest;

namespace MonoRepo.Deploy.Cluster;

/// <summary>
/// What goes to pods over web sockets: commands and connections. Every message starts with the number of its channel; since
/// version 5 of the protocol a channel can be closed alone, so that a command sees the end of its input. KubernetesClient opens
/// the sockets.
/// </summary>
internal sealed class PodSockets(ApiConnection connection, ClusterTarget target)
{
    private const string Protocol = "v5.channel.k8s.io";
    private const string ForwardProtocol = "v4.channel.k8s.io";
    private const byte Input = 0;
    private const byte Output = 1;
    private const byte Error = 2;
    private const byte Result = 3;
    private const byte Resize = 4;
    private const byte Close = 255;

    private static readonly TimeSpan s_resize = TimeSpan.FromMilliseconds(500);

    public async Task<ExecResult> ExecAsync(ExecRequest exec, CancellationToken cancellationToken)
    {
        var kubernetes = await connection.OpenAsync(cancellationToken);
        using var socket = await OpenAsync(exec.Pod, "exec?command=true", () => kubernetes.WebSocketNamespacedPodExecAsync(
            exec.Pod, target.Namespace, exec.Command, exec.Container, stderr: exec.Terminal is null,
            stdin: exec.Input is not null, stdout: true,
            tty: exec.Terminal is not null, webSocketSubProtocol: Protocol, cancellationToken: cancellationToken));
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var sending = new SemaphoreSlim(1, 1);
        var input = exec.Input is null ? Task.CompletedTask : SendInputAsync(socket, exec.Input, sending, ended.Token);
        var size = exec.Terminal is null ? Task.CompletedTask : SendSizeAsync(socket, exec.Terminal, sending, ended.Token);
        try
        {
            return await ReceiveAsync(socket, exec, cancellationToken);
        }
        finally
        {
            await ended.CancelAsync();
            await size.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

            // A terminal that is being read can't be told to stop; whoever types next ends it.
            await Task.WhenAny(input, Task.Delay(100, CancellationToken.None));
        }
    }

    public async Task<PodPort> ForwardAsync(string pod, int port, CancellationToken cancellationToken)
    {
        var kubernetes = await connection.OpenAsync(cancellationToken);
        var socket = await OpenAsync(pod, $"portforward?ports={port}", () => kubernetes.WebSocketNamespacedPodPortForwardAsync(
            pod, target.Namespace, [port], ForwardProtocol, cancellationToken: cancellationToken));
        return new(socket, $"{target}: pod {pod}, port {port}");
    }

    private async Task<WebSocket> OpenAsync(string pod, string path, Func<Task<WebSocket>> open)
    {
        try
        {
            return await open();
        }
        catch (Exception exception)
            when (exception is WebSocketException or HttpOperationException or HttpRequestException or IOException)
        {
            // A socket that is refused doesn't say why; the same request without one does, or that it should have been one.
            var request = new ApiRequest(HttpMethod.Get, $"api/v1/namespaces/{target.Namespace}/pods/{pod}/{path}", target)
            {
                About = ResourceKind.Pod.Named(pod),
            };
            try
            {
                using var response = await connection.SendAsync(request, CancellationToken.None);
            }
            catch (ClusterException refusal) when (refusal.Reason == ClusterErrorReason.Invalid)
            {
                // "Upgrade request required"
            }

            throw new ClusterException(
                ClusterErrorReason.Other, $"{target}: pod {pod} can't be connected to: {OneLine.Of(exception.Message)}");
        }
    }

    private async Task<ExecResult> ReceiveAsync(WebSocket socket, ExecRequest exec, CancellationToken cancellationToken)
    {
        using var output = new MemoryStream();
        using var error = new MemoryStream();
        using var result = new MemoryStream();
        var lines = new LineSplitter(exec.Line);
        try
        {
            await ReceiveAsync(socket, TakeAsync, cancellationToken);
        }
        catch (WebSocketException exception)
        {
            throw new ClusterException(
                [ApiErrors.Unreachable(exception.InnerException ?? exception, target, connection.Server)]);
        }

        lines.End();
        return new(ExitCode(Text(result)), Text(output), Text(error));

        async Task TakeAsync(int channel, ReadOnlyMemory<byte> data)
        {
            var to = channel switch
            {
                Output => exec.Output ?? output,
                Error => exec.Error ?? error,
                Result => result,
                _ => Stream.Null
            };
            await to.WriteAsync(data, cancellationToken);
            await to.FlushAsync(cancellationToken);
            if (channel == Output)
            {
                lines.Add(data.Span);
            }
        }
    }

    /// <summary>Receives until the other side closes the socket. A long message comes in pieces.</summary>
    internal static async Task ReceiveAsync(
        WebSocket socket, Func<int, ReadOnlyMemory<byte>, Task> take, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        var channel = -1;
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(), cancellationToken);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                return;
            }

            var data = buffer.AsMemory(0, received.Count);
            if (channel < 0 && data.Length > 0)
            {
                (channel, data) = (data.Span[0], data[1..]);
            }

            await take(channel, data);
            channel = received.EndOfMessage ? -1 : channel;
        }
    }

    /// <summary>Sends all that a stream has on channel 0: a command's input, or the data of a port.</summary>
    internal static async Task SendAsync(
        Stream from, Func<ReadOnlyMemory<byte>, Task> send, CancellationToken cancellationToken)
    {
        var buffer = new byte[32 * 1024];
        int read;
        while ((read = await from.ReadAsync(buffer.AsMemory(1), cancellationToken)) > 0)
        {
            await send(buffer.AsMemory(0, read + 1));
        }
    }

    // {"status": "Failure", "reason": "NonZeroExitCode", "details": {"causes": [{"reason": "ExitCode", "message": "3"}]}}
    private int ExitCode(string status)
    {
        var one = status.StartsWith('{') ? JsonNodes.ReadObject(Encoding.UTF8.GetBytes(status)) : null;
        if (one?.Text("status") == "Success")
        {
            return 0;
        }

        var cause = one?.ItemsAt("details", "causes").FirstOrDefault(c => c.Text("reason") == "ExitCode");
        return int.TryParse(cause?.Text("message"), out var code)
            ? code
            : throw new ClusterException(
                ClusterErrorReason.Other,
                $"{target}: " +
                $"{OneLine.Of(Innermost(one?.Text("message")) ?? "the command's connection ended before the command did")}.");
    }

    // Internal error occurred: error executing command in container: … unable to start container process: exec: "/x": stat /x: no
    // such file or directory
    private static string? Innermost(string? message)
    {
        const string Runtime = "unable to start container process: ";
        var at = message?.LastIndexOf(Runtime, StringComparison.Ordinal) ?? -1;
        return at < 0 ? message : "the command can't be started: " + message![(at + Runtime.Length)..];
    }

    private static async Task SendInputAsync(
        WebSocket socket, Stream input, SemaphoreSlim sending, CancellationToken cancellationToken)
    {
        await SendAsync(input, data => SendAsync(socket, data, sending, cancellationToken), cancellationToken);
        await SendAsync(socket, new byte[] { Close, Input }, sending, cancellationToken);
    }

    private static async Task SendSizeAsync(
        WebSocket socket, Func<(int Width, int Height)> size, SemaphoreSlim sending, CancellationToken cancellationToken)
    {
        (int, int) last = default;
        while (true)
        {
            var (width, height) = size();
            if ((width, height) != last)
            {
                last = (width, height);
                var json = new JsonObject { ["Width"] = width, ["Height"] = height }.ToJsonString();
                await SendAsync(socket, (byte[])[Resize, .. Encoding.UTF8.GetBytes(json)], sending, cancellationToken);
            }

            await Task.Delay(s_resize, cancellationToken);
        }
    }

    private static async Task SendAsync(
        WebSocket socket, ReadOnlyMemory<byte> message, SemaphoreSlim sending, CancellationToken cancellationToken)
    {
        await sending.WaitAsync(cancellationToken);
        try
        {
            await socket.SendAsync(message, WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);
        }
        finally
        {
            sending.Release();
        }
    }

    private static string Text(MemoryStream stream) => Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);

    /// <summary>Lines out of pieces.</summary>
    private sealed class LineSplitter(Action<string>? line)
    {
        private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
        private readonly StringBuilder _rest = new();

        public void Add(ReadOnlySpan<byte> data)
        {
            if (line is null)
            {
                return;
            }

            var text = new char[Encoding.UTF8.GetMaxCharCount(data.Length)];
            foreach (var c in text.AsSpan(0, _decoder.GetChars(data, text, flush: false)))
            {
                if (c == '\n')
                {
                    End();
                }
                else
                {
                    _rest.Append(c);
                }
            }
        }

        public void End()
        {
            if (_rest.Length > 0)
            {
                line?.Invoke(_rest.ToString().TrimEnd('\r'));
                _rest.Clear();
            }
        }
    }
}
