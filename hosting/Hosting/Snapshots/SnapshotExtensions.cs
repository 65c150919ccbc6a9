using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>Changes of snapshots that engines make.</summary>
public static class SnapshotExtensions
{
    /// <summary>The snapshot with a property set; the other properties keep their places.</summary>
    public static CustomResourceSnapshot WithProperty(
        this CustomResourceSnapshot snapshot,
        string name,
        object? value,
        bool isSensitive = false)
    {
        var property = new ResourcePropertySnapshot(name, value) { IsSensitive = isSensitive };
        for (var i = 0; i < snapshot.Properties.Length; i++)
        {
            if (string.Equals(snapshot.Properties[i].Name, name, StringComparison.OrdinalIgnoreCase))
            {
                return snapshot with { Properties = snapshot.Properties.SetItem(i, property) };
            }
        }

        return snapshot with { Properties = snapshot.Properties.Add(property) };
    }

    /// <summary>The snapshot without a property.</summary>
    public static CustomResourceSnapshot WithoutProperty(this CustomResourceSnapshot snapshot, string name) =>
        snapshot.Properties.Any(p => string.Equals(p.Name, name, StringComparison.OrdinalIgnoreCase))
            ? snapshot with { Properties = snapshot.Properties.RemoveAll(p => string.Equals(p.Name, name, StringComparison.OrdinalIgnoreCase)) }
            : snapshot;

    /// <summary>The snapshot of a resource whose ResourceReadyEvent was published; who waits for it waits for the handlers too.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="handlers">The running handlers of the event; null when the resource has to become ready again.</param>
    public static CustomResourceSnapshot WithReadyHandlers(this CustomResourceSnapshot snapshot, Task? handlers) =>
        snapshot with { ReadyHandlers = handlers };

    /// <summary>The handlers of ResourceReadyEvent; null until it was published.</summary>
    public static Task? GetReadyHandlers(this CustomResourceSnapshot snapshot) => snapshot.ReadyHandlers;

    /// <summary>How often the resource has changed; the dashboard shows the greatest.</summary>
    public static long GetVersion(this CustomResourceSnapshot snapshot) => snapshot.Version;
}
