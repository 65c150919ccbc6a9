using System.CommandLine;

namespace MonoRepo.Todo.Client.Commands;

/// <summary><c>todo done ID…</c></summary>
internal static class DoneCommand
{
    public static Command Create()
    {
        var ids = new Argument<string[]>("id") { Description = "The items.", Arity = ArgumentArity.OneOrMore };
        var command = new Command("done", "Completes items.") { ids };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            using var session = new Session(arguments, cancellationToken);
            foreach (var id in arguments.GetValue(ids)!)
            {
                var response = await session.Client.CompleteItemAsync(new() { Name = session.NameOf(id) }, session.Call);
                session.Output.Did("completed", response.Item);
            }

            return ExitCode.Done;
        });
        return command;
    }
}
