using Microsoft.Extensions.Logging;

namespace MonoRepo.Hosting.Run.Dashboard;

/// <summary>What the feed says.</summary>
internal static partial class FeedLog
{
    [LoggerMessage(1, LogLevel.Error, "Command '{Command}' of '{Resource}' failed.")]
    public static partial void CommandFailed(ILogger logger, string command, string resource, Exception exception);

    [LoggerMessage(2, LogLevel.Error, "The dashboard's call {Method} failed.")]
    public static partial void StreamFailed(ILogger logger, string method, Exception exception);

    [LoggerMessage(3, LogLevel.Debug, "Resource service listening on {Url}.")]
    public static partial void Listening(ILogger logger, string url);
}
