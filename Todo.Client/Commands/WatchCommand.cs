using System.CommandLine;
using Grpc.Core;

namespace MonoRepo.Todo.Client.Commands;

/// <summary><c>todo watch</c></summary>
internal static class WatchCommand
{
    private static readonly TimeSpan s_retryDelay = TimeSpan.FromSeconds(0.5);

    public static Command Create()
    {
        var from = new Option<string>("--from")
        {
            Description = "A token of an earlier watch (--json shows them) to go on after.",
        };
        var command = new Command("watch", "Shows the changes of the list as they happen, until Ctrl-C.") { from };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            using var session = new Session(arguments, cancellationToken);
            await FollowAsync(session, arguments.GetValue(from) ?? "");
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>Goes on from the last token when the server that served the stream goes away.</summary>
    private static async Task FollowAsync(Session session, string token)
    {
        var seen = false;
        while (true)
        {
            try
            {
                using var call = session.Client.WatchItems(
                    new() { Parent = session.Parent, ResumeToken = token }, cancellationToken: session.CancellationToken);
                await foreach (var change in call.ResponseStream.ReadAllAsync(session.CancellationToken))
                {
                    seen = true;
                    token = change.ResumeToken;
                    session.Output.Change(change);
                }
            }
            catch (RpcException exception) when (seen && exception.StatusCode is StatusCode.Unavailable or StatusCode.Internal
                or StatusCode.DeadlineExceeded or StatusCode.ResourceExhausted)
            {
            }

            await Task.Delay(s_retryDelay, session.CancellationToken);
        }
    }
}
