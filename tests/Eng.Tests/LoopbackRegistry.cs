using System.Net;
using System.Text;

namespace MonoRepo.Tests;

/// <summary>An npm registry with one package, on a free loopback port.</summary>
internal sealed class LoopbackRegistry : IDisposable
{
    private readonly HttpListener listener;
    private readonly byte[] package;
    private readonly TaskCompletionSource downloadAsked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int downloads;

    public LoopbackRegistry(byte[] package)
    {
        this.package = package;
        (listener, Address) = Listen();
        _ = ServeAsync();
    }

    public string Address { get; }

    public int Downloads => downloads;

    /// <summary>Answers metadata but leaves whoever asks for the package waiting.</summary>
    public bool Stall { get; set; }

    public Task DownloadAsked => downloadAsked.Task;

    public void Dispose() => listener.Close();

    /// <summary>HttpListener takes no port 0, so a free one is asked of the kernel first; another process may be quicker.</summary>
    private static (HttpListener Listener, string Address) Listen()
    {
        for (var attempt = 0; ; attempt++)
        {
            var address = $"http://127.0.0.1:{Ports.Free()}/";
            var listener = new HttpListener { Prefixes = { address } };
            try
            {
                listener.Start();
                return (listener, address);
            }
            catch (HttpListenerException) when (attempt < 5)
            {
                listener.Close();
            }
        }
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                await AnswerAsync(await listener.GetContextAsync());
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException)
        {
            // Closed: the test is over.
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        var content = package;
        if (context.Request.Url!.AbsolutePath.EndsWith(".tgz", StringComparison.Ordinal))
        {
            Interlocked.Increment(ref downloads);
            downloadAsked.TrySetResult();
            if (Stall)
            {
                return;
            }
        }
        else
        {
            content = Encoding.UTF8.GetBytes($$"""
                {"name":"@microsoft/aspire-cli-linux-x64","dist-tags":{"latest":"{{FakeBundle.Version}}"},"versions":{"{{FakeBundle.Version}}":{
                "name":"@microsoft/aspire-cli-linux-x64","version":"{{FakeBundle.Version}}",
                "dist":{"tarball":"{{Address}}bundle.tgz","integrity":"{{FakeBundle.Integrity(package)}}"} } } }
                """);
        }

        await context.Response.OutputStream.WriteAsync(content);
        context.Response.Close();
    }
}
