using System.Net.WebSockets;
using System.Text;

namespace MonoRepo.Deploy.Cluster;

/// <summary>
/// A connection to a port of a pod. Channel 0 is its data, 1 an error; the first message of each is the port's number.
/// </summary>
// KubernetesClient's StreamDemuxer won't do: it reads ahead of a slow reader up to 40 MB, then ends the stream without an error
// and loses the rest, as it does when the connection breaks; a read can't be cancelled, and writes wait while one is pending.
internal sealed class PodPort(WebSocket socket, string place) : IDisposable
{
    /// <summary>Sends all that a stream has.</summary>
    public Task SendAsync(Stream from, CancellationToken cancellationToken) => PodSockets.SendAsync(
        from,
        data => socket.SendAsync(data, WebSocketMessageType.Binary, endOfMessage: true, cancellationToken).AsTask(),
        cancellationToken);

    /// <summary>Receives until the pod closes the connection.</summary>
    /// <exception cref="IOException">The pod can't be connected to at this port.</exception>
    public async Task ReceiveAsync(Stream to, CancellationToken cancellationToken)
    {
        var numbered = new HashSet<int>();
        using var error = new MemoryStream();
        await PodSockets.ReceiveAsync(
            socket,
            async (channel, data) =>
            {
                if (!numbered.Add(channel))
                {
                    await (channel == 0 ? to : error).WriteAsync(data, cancellationToken);
                }
            },
            cancellationToken);
        if (error.Length > 0)
        {
            throw new IOException($"{place}: {OneLine.Of(Encoding.UTF8.GetString(error.ToArray()))}");
        }
    }

    public void Dispose() => socket.Dispose();
}
