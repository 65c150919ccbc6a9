using System.Collections.Concurrent;

namespace MonoRepo.Hosting.Run.Orchestration;

/// <summary>
/// Objects of DCP that were deleted to make room for a new start. DCP may still report on them; taken for the new process
/// that would look like a crash.
/// </summary>
internal sealed class RetiredObjects
{
    private readonly ConcurrentDictionary<string, bool> _uids = new();

    public void Add(string? uid) => _ = uid is not null && _uids.TryAdd(uid, true);

    public bool Contains(string? uid) => uid is not null && _uids.ContainsKey(uid);
}
