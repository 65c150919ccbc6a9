using System.Globalization;
using Aspire.Hosting;

namespace MonoRepo.Hosting.RedisCluster.Local;

/// <summary>
/// Where the members of one local cluster keep their files: a folder each, under one that is kept or a temporary one.
/// </summary>
internal sealed class MemberDirectories : IDisposable
{
    private const string TemporaryPrefix = "monorepo-redis-";

    // EWOULDBLOCK of Linux and of macOS, ERROR_SHARING_VIOLATION.
    private static readonly int[] s_lockedErrors = [11, 35, unchecked((int)0x80070020)];

    private readonly Lock _gate = new();
    private readonly string _root;
    private readonly bool _reset;
    private FileStream? _lock;
    private bool _isClaimed;

    private MemberDirectories(string root, bool isKept, bool reset) => (_root, IsKept, _reset) = (root, isKept, reset);

    /// <summary>Whether the files outlive the run.</summary>
    public bool IsKept { get; }

    /// <summary>Folders that outlive the run, and one run at a time may use.</summary>
    public static MemberDirectories Kept(string root, bool reset) => new(root, isKept: true, reset);

    /// <summary>Folders of this process; the name tells later runs whether their owner still lives.</summary>
    public static MemberDirectories Temporary() => new(
        Path.Combine(Path.GetTempPath(), ProcessFolders.Name(TemporaryPrefix) + Path.GetRandomFileName()), isKept: false,
        reset: false);

    /// <summary>The folder of a member.</summary>
    public string Of(string member) => Path.Combine(_root, member);

    /// <summary>The port that the member had in the last run, for the others remember it by that; null in the first.</summary>
    public int? KnownPort(string member) =>
        File.Exists(PortFile(member))
        && int.TryParse(File.ReadAllText(PortFile(member)), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? port
            : null;

    /// <summary>Makes the member's folder ready for its start.</summary>
    /// <exception cref="DistributedApplicationException">Another run uses the kept data.</exception>
    public void Prepare(string member, int port)
    {
        lock (_gate)
        {
            if (!_isClaimed)
            {
                Claim();
                _isClaimed = true;
            }
        }

        Directory.CreateDirectory(Of(member));
        File.WriteAllText(PortFile(member), port.ToString(CultureInfo.InvariantCulture));
    }

    public void Dispose()
    {
        _lock?.Dispose();
        if (!IsKept)
        {
            Clear();
        }
    }

    private string PortFile(string member) => Path.Combine(Of(member), "port");

    private void Claim()
    {
        if (!IsKept)
        {
            ProcessFolders.RemoveOrphans(TemporaryPrefix);
            return;
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_root)!);
            // The operating system holds this lock, so it also ends with a run that is killed.
            _lock = new(_root + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (s_lockedErrors.Contains(exception.HResult))
        {
            throw new DistributedApplicationException($"Another run of this AppHost uses the data in {_root}. End it first.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DistributedApplicationException(
                $"The data in {_root} can't be used: {exception.Message} Make the folder writable, or remove WithDataVolume " +
                "from AppHost/Program.cs.");
        }

        if (_reset)
        {
            Clear();
        }
    }

    private void Clear()
    {
        if (Directory.Exists(_root))
        {
            Directory.Delete(_root, recursive: true);
        }
    }
}
