using System.Collections.Concurrent;

namespace MonoRepo.RouteGuide.Server.Storage;

/// <summary>Notes in the process's own memory, as long as it lives.</summary>
internal sealed class MemoryNoteStore : INoteStore
{
    private readonly ConcurrentDictionary<Location, Queue<string>> _notes = new();

    public ValueTask<IReadOnlyList<string>> AddAsync(Location location, string message, CancellationToken cancellationToken)
    {
        var notes = _notes.GetOrAdd(location, _ => new Queue<string>());
        lock (notes)
        {
            string[] earlier = [.. notes];
            notes.Enqueue(message);
            while (notes.Count > Limits.NotesPerLocation)
            {
                notes.Dequeue();
            }

            return ValueTask.FromResult<IReadOnlyList<string>>(earlier);
        }
    }
}
