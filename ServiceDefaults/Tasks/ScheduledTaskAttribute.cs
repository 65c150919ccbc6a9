namespace MonoRepo.ServiceDefaults.Tasks;

/// <summary>
/// A static method that returns a <see cref="Task"/> and runs on the schedule that the graph states with <c>AddScheduledTask</c>.
/// Its parameters are services; a <see cref="CancellationToken"/> is cancelled when the process has to end.
/// </summary>
/// <param name="name">Name of the task, which is that of its resource.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ScheduledTaskAttribute(string name) : Attribute
{
    /// <summary>Name of the task.</summary>
    public string Name { get; } = name;
}
