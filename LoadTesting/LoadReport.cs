namespace MonoRepo.LoadTesting;

/// <summary>What a load run found. Latencies in milliseconds.</summary>
public sealed record LoadReport(int Concurrency, double Seconds, IReadOnlyList<LoadMethodReport> Methods)
{
    public double CallsPerSecond => Methods.Sum(method => method.CallsPerSecond);
}

/// <summary>One method's part; errors by status are not among the calls.</summary>
public sealed record LoadMethodReport(
    string Method, long Calls, double CallsPerSecond, double P50, double P90, double P99, double P999,
    IReadOnlyDictionary<string, long> Errors);
