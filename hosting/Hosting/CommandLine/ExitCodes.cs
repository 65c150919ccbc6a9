namespace MonoRepo.Hosting;

/// <summary>Exit codes of the AppHost.</summary>
internal static class ExitCodes
{
    public const int Done = 0;

    public const int Failed = 1;

    /// <summary>The command line is wrong.</summary>
    public const int BadUsage = 2;

    /// <summary>There was too little to judge by.</summary>
    public const int Inconclusive = 3;

    /// <summary>Differences were found.</summary>
    public const int Differences = 16;
}
