using System.Diagnostics;

namespace MonoRepo.Tests.RedisOnKubernetes.Pods;

/// <summary>
/// Network namespaces on a bridge, one for each pod: members can be cut off from each other while callers reach all of them; root
/// only. The bridge has a namespace, too: in the machine's own, its firewall would see what goes over it.
/// </summary>
internal sealed class PodNetwork : IDisposable
{
    private readonly string _name = $"rf{Random.Shared.Next(0x10000):x4}";
    private readonly string _prefix = $"10.{Random.Shared.Next(64, 250)}.{Random.Shared.Next(250)}";
    private readonly HashSet<int> _pods = [];
    private int _last, _ports;

    public PodNetwork()
    {
        Run("netns", "add", Namespace("hub"));
        Run("-n", Namespace("hub"), "link", "add", "name", "hub0", "type", "bridge");
        Run("-n", Namespace("hub"), "link", "set", "hub0", "up");
        Attach("link", "add", _name);
        Run("addr", "add", $"{_prefix}.254/24", "dev", _name);
        Run("link", "set", _name, "up");
    }

    /// <summary>Whether this machine lets us.</summary>
    public static bool IsPossible => Environment.IsPrivilegedProcess && Tools.Exists("ip")
        && Try("link", "add", "rfprobe", "type", "bridge") && Try("link", "del", "rfprobe");

    public string[] Enter(int pod) => ["ip", "netns", "exec", Namespace(pod)];

    /// <summary>Another address for a pod.</summary>
    public string NextAddress(int pod)
    {
        lock (_pods)
        {
            if (_pods.Add(pod))
            {
                Run("netns", "add", Namespace(pod));
                Attach("-n", Namespace(pod), "link", "add", "eth0");
                Run("-n", Namespace(pod), "link", "set", "lo", "up");
                Run("-n", Namespace(pod), "link", "set", "eth0", "up");
            }

            var address = $"{_prefix}.{_last++ % 126 + 1}";
            Run("-n", Namespace(pod), "addr", "flush", "dev", "eth0");
            Run("-n", Namespace(pod), "addr", "add", $"{address}/24", "dev", "eth0");
            return address;
        }
    }

    /// <summary>
    /// Nothing goes to other members any more, also not what answers them; callers are outside of their half of the addresses.
    /// </summary>
    public void Cut(int pod) => Try("-n", Namespace(pod), "route", "add", "blackhole", $"{_prefix}.0/25");

    public void Reconnect(int pod) => Try("-n", Namespace(pod), "route", "del", "blackhole", $"{_prefix}.0/25");

    public void Dispose()
    {
        foreach (var name in _pods.Cast<object>().Append("hub"))
        {
            Try("netns", "del", Namespace(name));
        }

        Try("link", "del", _name);
    }

    /// <summary>One end of a cable as the arguments say, the other on the bridge.</summary>
    private void Attach(params string[] end)
    {
        var port = $"p{_ports++}";
        Run([.. end, "type", "veth", "peer", "name", port, "netns", Namespace("hub")]);
        Run("-n", Namespace("hub"), "link", "set", port, "master", "hub0", "up");
    }

    private static bool Try(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    private static void Run(params string[] arguments) =>
        Assert.True(Try(arguments), $"ip {string.Join(' ', arguments)} failed.");

    private string Namespace(object pod) => $"{_name}-{pod}";
}
