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

    public async Task<Stream> ForwardAsync(string pod, int port, CancellationToken cancellationToken)
    {
        var kubernetes = await connection.OpenAsync(cancellationToken);
        var socket = await OpenAsync(pod, $"portforward?ports={port}", () => kubernetes.WebSocketNamespacedPodPortForwardAsync(
            pod, target.Namespace, [port], ForwardProtocol, cancellationToken: cancellationToken));
        return new PodPortStream(socket, $"{target}: pod {pod}, port {port}");
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
                About = new("", "Pod", pod),
            };
            try
            {
                await connection.SendAsync(request, (_, _) => Task.FromResult(true), CancellationToken.None);
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
        var buffer = new byte[32 * 1024];
        var channel = -1;
        while (true)
        {
            ValueWebSocketReceiveResult received;
            try
            {
                received = await socket.ReceiveAsync(buffer.AsMemory(), cancellationToken);
            }
            catch (WebSocketException exception)
            {
                throw new ClusterException(
                    [ApiErrors.Unreachable(exception.InnerException ?? exception, target, connection.Server)]);
            }

            if (received.MessageType == WebSocketMessageType.Close)
            {
                break;
            }

            var data = buffer.AsMemory(0, received.Count);
            if (channel < 0 && data.Length > 0)
            {
                (channel, data) = (data.Span[0], data[1..]);
            }

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

            channel = received.EndOfMessage ? -1 : channel;
        }

        lines.End();
        return new(ExitCode(Text(result)), Text(output), Text(error));
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
        var buffer = new byte[32 * 1024];
        buffer[0] = Input;
        int read;
        while ((read = await input.ReadAsync(buffer.AsMemory(1), cancellationToken)) > 0)
        {
            await SendAsync(socket, buffer.AsMemory(0, read + 1), sending, cancellationToken);
        }

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

/// <summary>
/// A connection to a port of a pod. Channel 0 is its data, 1 an error; the first message of each is the port's number.
/// </summary>
internal sealed class PodPortStream(WebSocket socket, string place) : Stream
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly byte[] _sent = new byte[(32 * 1024) + 1];
    private readonly bool[] _isNumbered = new bool[2];
    private readonly StringBuilder _error = new();
    private ReadOnlyMemory<byte> _left;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_left.Length == 0)
        {
            if (!await ReceiveAsync(cancellationToken))
            {
                return 0;
            }
        }

        var count = Math.Min(buffer.Length, _left.Length);
        _left[..count].CopyTo(buffer);
        _left = _left[count..];
        return count;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (buffer.Length > 0)
        {
            var part = buffer[..Math.Min(buffer.Length, _sent.Length - 1)];
            _sent[0] = 0;
            part.CopyTo(_sent.AsMemory(1));
            await socket.SendAsync(_sent.AsMemory(
                0, part.Length + 1), WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);
            buffer = buffer[part.Length..];
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer, offset, count, CancellationToken.None).GetAwaiter().GetResult();

    public override void Write(byte[] buffer, int offset, int count) =>
        WriteAsync(buffer, offset, count, CancellationToken.None).GetAwaiter().GetResult();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        socket.Dispose();
        base.Dispose(disposing);
    }

    private async Task<bool> ReceiveAsync(CancellationToken cancellationToken)
    {
        var count = 0;
        ValueWebSocketReceiveResult received;
        do
        {
            received = await socket.ReceiveAsync(_buffer.AsMemory(count), cancellationToken);
            count += received.Count;
        }
        while (!received.EndOfMessage && count < _buffer.Length);

        if (received.MessageType == WebSocketMessageType.Close)
        {
            return _error.Length == 0 ? false : throw new IOException($"{place}: {OneLine.Of(_error.ToString())}");
        }

        var channel = count > 0 ? _buffer[0] & 1 : 0;
        if (!_isNumbered[channel])
        {
            _isNumbered[channel] = true;
        }
        else if (channel == 1)
        {
            _error.Append(Encoding.UTF8.GetString(_buffer, 1, count - 1));
        }
        else
        {
            _left = _buffer.AsMemory(1, Math.Max(0, count - 1));
        }

        return true;
    }
}
