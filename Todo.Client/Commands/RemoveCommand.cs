using System.CommandLine;

namespace MonoRepo.Todo.Client.Commands;

/// <summary><c>todo rm ID…</c></summary>
internal static class RemoveCommand
{
    public static Command Create()
    {
        var ids = new Argument<string[]>("id") { Description = "The items.", Arity = ArgumentArity.OneOrMore };
        var command = new Command("rm", "Removes items.") { ids };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            using var session = new Session(arguments, cancellationToken);
            foreach (var id in arguments.GetValue(ids)!)
            {
                var name = session.NameOf(id);
                await session.Client.DeleteItemAsync(new() { Name = name }, session.Call);
                session.Output.Did("removed", new() { Name = name });
            }

            return ExitCode.Done;
        });
        return command;
    }
}
