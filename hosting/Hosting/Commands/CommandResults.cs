namespace Aspire.Hosting.ApplicationModel;

/// <summary>Makes results of commands.</summary>
public static class CommandResults
{
    /// <summary>It worked.</summary>
    public static ExecuteCommandResult Success() => new() { Success = true };

    /// <summary>It worked, with a message.</summary>
    public static ExecuteCommandResult Success(string message) => new() { Success = true, Message = message };

    /// <summary>It worked and returned something.</summary>
    public static ExecuteCommandResult Success(
        string message,
        CommandResultData value) => new() { Success = true, Message = message, Data = value };

    /// <summary>It worked and returned text.</summary>
    public static ExecuteCommandResult Success(
        string message,
        string result,
        CommandResultFormat resultFormat = CommandResultFormat.Text) =>
        Success(message, result, resultFormat, displayImmediately: false);

    /// <summary>It worked and returned text.</summary>
    public static ExecuteCommandResult Success(
        string message,
        string result,
        CommandResultFormat resultFormat,
        bool displayImmediately) =>
        Success(message, new CommandResultData { Value = result, Format = resultFormat, DisplayImmediately = displayImmediately });

    /// <summary>Somebody stopped it.</summary>
    public static ExecuteCommandResult Canceled() => new() { Success = false, Canceled = true };

    /// <summary>It failed.</summary>
    public static ExecuteCommandResult Failure(string? errorMessage = null) => new() { Success = false, Message = errorMessage };

    /// <summary>It failed and returned something.</summary>
    public static ExecuteCommandResult Failure(
        string errorMessage,
        CommandResultData value) => new() { Success = false, Message = errorMessage, Data = value };

    /// <summary>It failed and returned text.</summary>
    public static ExecuteCommandResult Failure(
        string errorMessage,
        string result,
        CommandResultFormat resultFormat = CommandResultFormat.Text) =>
        Failure(errorMessage, new CommandResultData { Value = result, Format = resultFormat });

    /// <summary>It failed with an exception.</summary>
    public static ExecuteCommandResult Failure(Exception exception) => Failure(exception.Message);
}
