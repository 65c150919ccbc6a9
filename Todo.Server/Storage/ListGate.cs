using MonoRepo.Todo.Server.Requests;

namespace MonoRepo.Todo.Server.Storage;

/// <summary>
/// Lets the changes of one list go one after the other within this replica, so that only replicas compete by optimistic
/// transactions. Lists share a fixed number of gates.
/// </summary>
public sealed class ListGate : IDisposable
{
    private readonly SemaphoreSlim[] _gates = [.. Enumerable.Range(0, 256).Select(_ => new SemaphoreSlim(1, 1))];

    /// <summary>Waits for the list's turn; disposing what is returned gives it to the next.</summary>
    public async Task<IDisposable> EnterAsync(ListName list, CancellationToken cancellationToken)
    {
        var gate = _gates[(uint)list.GetHashCode() % _gates.Length];
        await gate.WaitAsync(cancellationToken);
        return new Turn(gate);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var gate in _gates)
        {
            gate.Dispose();
        }
    }

    private sealed class Turn(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
