namespace MonoRepo.Hosting.Run.Dcp.Wire;

/// <summary>What a list answers.</summary>
internal sealed record DcpList<T>(IReadOnlyList<T> Items);

/// <summary>One line of a watch.</summary>
/// <param name="Type">ADDED, MODIFIED or DELETED.</param>
internal sealed record DcpWatchEvent<T>(string Type, T Object)
{
    public const string Deleted = "DELETED";
}

/// <summary>The API server's refusal.</summary>
internal sealed record DcpStatus(string? Message, string? Reason, int? Code);

/// <summary><c>/admin/execution</c>: what DCP as a whole does.</summary>
internal sealed record DcpExecution(string Status, string? ShutdownResourceCleanup);
