namespace MonoRepo.LoadTesting;

/// <summary>How much load, how long, of what.</summary>
public sealed record LoadOptions<TMethod>(int Concurrency, TimeSpan Duration, LoadMix<TMethod> Mix)
    where TMethod : struct, Enum
{
    /// <summary>Calls of this first time are made and not counted.</summary>
    public static TimeSpan WarmUp { get; } = TimeSpan.FromSeconds(1);
}
