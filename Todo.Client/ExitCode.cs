namespace MonoRepo.Todo.Client;

/// <summary>What the process ends with.</summary>
public static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>The server refused or cannot be reached.</summary>
    public const int Failed = 1;

    /// <summary>The command line, or a value in it, is wrong.</summary>
    public const int BadUsage = 2;
}
