namespace MonoRepo.Tests;

/// <summary>Shows another time of day, and runs as fast as the clock of the system.</summary>
internal sealed class ShiftedClock(TimeSpan shift) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + shift;
}
