namespace MonoRepo.Hosting;

/// <summary>Exit codes of the AppHost.</summary>
public static class ExitCodes
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>Failed.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong.</summary>
    public const int BadUsage = 2;

    /// <summary>There was too little to judge by.</summary>
    public const int Inconclusive = 3;

    /// <summary>Differences were found.</summary>
    public const int Differences = 16;
}
