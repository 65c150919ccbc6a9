using System.CommandLine;
using System.CommandLine.Help;
using Grpc.Core;
using MonoRepo.Todo.Client.Commands;
using MonoRepo.Todo.Client.Load;

namespace MonoRepo.Todo.Client;

/// <summary>The command line <c>todo</c>. Exit codes: 0 done, 1 failed, 2 bad usage.</summary>
public static class TodoCommandLine
{
    /// <summary>Reads the arguments and carries out the command.</summary>
    public static async Task<int> RunAsync(string[] args, TextWriter? output = null, TextWriter? error = null)
    {
        var root = new RootCommand("To-do lists over gRPC.")
        {
            AddCommand.Create(), ListCommand.Create(), ShowCommand.Create(), DoneCommand.Create(),
            EditCommand.Create(), RemoveCommand.Create(), WatchCommand.Create(),
            SharingCommands.CreateShare(), SharingCommands.CreateUnshare(), SharingCommands.CreateAccess(),
        };
        GlobalOptions.AddTo(root);
        LoadAction.AddTo(root);

        error ??= Console.Error;
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0 && parsed.Action is not HelpAction)
        {
            var fault = parsed.UnmatchedTokens is [var token, ..]
                ? $"Unrecognized command or option '{token}'."
                : parsed.Errors[0].Message;
            await error.WriteLineAsync($"todo: {fault} See 'todo --help'.");
            return ExitCode.BadUsage;
        }

        try
        {
            return await parsed.InvokeAsync(new()
            {
                Output = output ?? Console.Out,
                Error = error,
                EnableDefaultExceptionHandler = false,
            });
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Done;
        }
        catch (RpcException exception) when (exception.StatusCode == StatusCode.Cancelled)
        {
            return ExitCode.Done;
        }
        catch (RpcException exception)
        {
            await error.WriteLineAsync($"todo: {Explain(exception.Status)}");
            return exception.StatusCode == StatusCode.InvalidArgument ? ExitCode.BadUsage : ExitCode.Failed;
        }
        catch (UsageException exception)
        {
            await error.WriteLineAsync($"todo: {exception.Message}");
            return ExitCode.BadUsage;
        }
    }

    private static string Explain(Status status) => status.StatusCode switch
    {
        StatusCode.Unavailable or StatusCode.DeadlineExceeded =>
            $"the server cannot be reached or is not ready ({status.Detail}); start it with 'dotnet run --project AppHost', " +
            "or name it with --server.",
        _ => status.Detail,
    };
}
