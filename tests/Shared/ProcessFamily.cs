using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using Xunit;

namespace MonoRepo.Tests;

/// <summary>
/// The processes that a program started, by a variable that they inherit: the orchestrator detaches itself, so parents tell
/// nothing. Read from /proc, so on Linux only.
/// </summary>
public sealed class ProcessFamily
{
    private const string Variable = "MONOREPO_TEST_FAMILY";

    private readonly string _id = Guid.NewGuid().ToString("N");

    /// <summary>Skips the test where there is no /proc.</summary>
    public static void SkipUnlessReadable() => Assert.SkipUnless(OperatingSystem.IsLinux(), "Reads /proc, which only Linux has.");

    /// <summary>Makes the program and all that it starts part of the family.</summary>
    public void Adopt(ProcessStartInfo start) => start.Environment[Variable] = _id;

    /// <summary>Its living processes.</summary>
    public IReadOnlyList<RunningProcess> Members() =>
        [.. Directory.EnumerateDirectories("/proc")
            .Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0])
            && Read(folder, "environ").Contains($"{Variable}={_id}", StringComparison.Ordinal))
            .Select(folder => new RunningProcess(int.Parse(
                Path.GetFileName(folder), CultureInfo.InvariantCulture), Read(folder, "cmdline").Replace('\0', ' ').Trim()))];

    /// <summary>Waits until none is left.</summary>
    /// <returns>Those that are left at the deadline.</returns>
    public async Task<IReadOnlyList<RunningProcess>> WaitUntilGoneAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        for (var start = Stopwatch.GetTimestamp(); ; await Task.Delay(100, cancellationToken))
        {
            var left = Members();
            if (left.Count == 0 || Stopwatch.GetElapsedTime(start) > timeout)
            {
                return left;
            }
        }
    }

    /// <summary>Ends those that are left.</summary>
    public void Kill()
    {
        foreach (var member in Members())
        {
            try
            {
                using var process = Process.GetProcessById(member.Id);
                process.Kill();
            }
            catch (ArgumentException)
            {
                // It has ended by itself.
            }
        }
    }

    // A zombie has no environment; a process that has ended meanwhile has no folder.
    private static string Read(string folder, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}

/// <summary>A process.</summary>
/// <param name="Id">Its id.</param>
/// <param name="CommandLine">Program and arguments.</param>
public sealed record RunningProcess(int Id, string CommandLine)
{
    private const string Listening = "0A";

    /// <summary>The TCP addresses that it listens on.</summary>
    public IReadOnlyList<IPEndPoint> Listeners()
    {
        var sockets = Directory.EnumerateFileSystemEntries($"/proc/{Id}/fd").Select(file => new FileInfo(file).LinkTarget)
            .ToHashSet();
        return [.. new[] { "tcp", "tcp6" }
            .SelectMany(table => File.ReadLines($"/proc/{Id}/net/{table}").Skip(1))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(columns => columns[3] == Listening && sockets.Contains($"socket:[{columns[9]}]"))
            .Select(columns => Parse(columns[1]))];
    }

    // 0100007F:1F90 is 127.0.0.1:8080: words of four bytes, each the wrong way round, then the port.
    private static IPEndPoint Parse(string address)
    {
        var colon = address.IndexOf(':', StringComparison.Ordinal);
        var bytes = Convert.FromHexString(address.AsSpan(0, colon));
        for (var i = 0; i < bytes.Length; i += sizeof(uint))
        {
            var word = bytes.AsSpan(i, sizeof(uint));
            BinaryPrimitives.WriteUInt32BigEndian(word, BinaryPrimitives.ReadUInt32LittleEndian(word));
        }

        return new(new IPAddress(bytes), int.Parse(
            address.AsSpan(colon + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    }
}
