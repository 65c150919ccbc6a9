using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MonoRepo.Notifier.Channels;

namespace MonoRepo.Tests;

/// <summary>Somebody in the channel.</summary>
internal sealed class IrcPerson : IDisposable
{
    private readonly TcpClient _client = new();

    /// <summary>What was said while it was there.</summary>
    public ConcurrentQueue<string> Heard { get; } = new();

    public static async Task<IrcPerson> JoinAsync(int port, string nick = "jane")
    {
        var person = new IrcPerson();
        await person._client.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
        var joined = new TaskCompletionSource();
        _ = person.ListenAsync(joined);
        await person.WriteAsync($"NICK {nick}\r\nUSER {nick} 0 * :Jane\r\nJOIN #ops\r\n");
        await joined.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        return person;
    }

    public Task SayAsync(string text, string to = "#ops") => WriteAsync($"PRIVMSG {to} :{text}\r\n");

    public void Dispose() => _client.Dispose();

    private async Task WriteAsync(string text) =>
        await _client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(text), TestContext.Current.CancellationToken);

    private async Task ListenAsync(TaskCompletionSource joined)
    {
        using var reader = new StreamReader(_client.GetStream());
        while (await reader.ReadLineAsync() is { } text)
        {
            switch (IrcLine.Parse(text))
            {
                case { Command: "366" }:
                    joined.TrySetResult();
                    break;
                case { Command: "PRIVMSG", Last: var line }:
                    Heard.Enqueue(line);
                    break;
                default:
                    break;
            }
        }
    }
}
