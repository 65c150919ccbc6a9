namespace Aspire.Hosting.ApplicationModel;

/// <summary>How a command went.</summary>
public sealed class ExecuteCommandResult
{
    /// <summary>Whether it worked.</summary>
    public required bool Success { get; init; }

    /// <summary>Whether somebody stopped it.</summary>
    public bool Canceled { get; init; }

    /// <summary>What is told to the user.</summary>
    public string? Message { get; init; }

    /// <summary>What it returned.</summary>
    public CommandResultData? Data { get; init; }
}

/// <summary>What a command returned.</summary>
public sealed class CommandResultData
{
    /// <summary>The text.</summary>
    public required string Value { get; init; }

    /// <summary>How to read the text.</summary>
    public CommandResultFormat Format { get; init; }

    /// <summary>Whether the dashboard shows it at once.</summary>
    public bool DisplayImmediately { get; init; }
}

/// <summary>How to read what a command returned.</summary>
public enum CommandResultFormat
{
    /// <summary>Plain text.</summary>
    Text,

    /// <summary>JSON.</summary>
    Json,

    /// <summary>Markdown.</summary>
    Markdown,
}
