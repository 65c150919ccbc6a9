namespace MonoRepo.Hosting;

/// <summary>Periods of a probe in seconds and the number of answers in a row that change its state.</summary>
public sealed record ProbeTiming(int Period = 5, int Timeout = 2, int FailureThreshold = 3, int InitialDelay = 0);
