using System.Globalization;
using System.Net.NetworkInformation;

namespace MonoRepo.Hosting;

/// <summary>Who listens on a TCP port of this machine; the name is read from Linux' /proc.</summary>
/// <param name="Pid">Null when the process belongs to another user, or the system doesn't tell.</param>
/// <param name="Program">Its name, as <c>ps</c> shows it.</param>
internal sealed record PortHolder(int? Pid, string? Program)
{
    private const string Listening = "0A";

    public override string ToString() => Pid is null ? "a process that can't be seen from here" : $"{Program} (pid {Pid})";

    /// <summary>The listener, or null when the port is free.</summary>
    public static PortHolder? Find(int port)
    {
        if (!OperatingSystem.IsLinux())
        {
            return IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Any(l => l.Port == port)
                ? new PortHolder(null, null)
                : null;
        }

        var inodes = InodesOf("/proc/net/tcp", port).Concat(InodesOf("/proc/net/tcp6", port))
            .Select(inode => $"socket:[{inode}]").ToHashSet();
        if (inodes.Count == 0)
        {
            return null;
        }

        var owner = Directory.EnumerateDirectories("/proc")
            .Where(directory => int.TryParse(Path.GetFileName(directory), out _))
            .FirstOrDefault(directory => Owns(directory, inodes));
        return owner is null
            ? new PortHolder(null, null)
            : new PortHolder(int.Parse(Path.GetFileName(owner), CultureInfo.InvariantCulture), ReadName(owner));
    }

    /// <remarks>
    /// <code>
    ///   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
    ///    0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 12345 …
    /// </code>
    /// </remarks>
    private static IEnumerable<string> InodesOf(string table, int port)
    {
        if (!File.Exists(table))
        {
            yield break;
        }

        var suffix = $":{port:X4}";
        foreach (var line in File.ReadLines(table).Skip(1))
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields[1].EndsWith(suffix, StringComparison.Ordinal) && fields[3] == Listening)
            {
                yield return fields[9];
            }
        }
    }

    private static bool Owns(string process, HashSet<string> sockets)
    {
        try
        {
            return Directory.EnumerateFiles(Path.Combine(process, "fd"))
                .Any(file => new FileInfo(file).LinkTarget is { } target && sockets.Contains(target));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string ReadName(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "comm")).Trim();
        }
        catch (IOException)
        {
            return "a process that has just ended";
        }
    }
}
