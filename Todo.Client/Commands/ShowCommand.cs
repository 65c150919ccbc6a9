using System.CommandLine;

namespace MonoRepo.Todo.Client.Commands;

/// <summary><c>todo show ID</c></summary>
internal static class ShowCommand
{
    public static Command Create()
    {
        var id = new Argument<string>("id") { Description = "The item." };
        var command = new Command("show", "Shows one item in full.") { id };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            using var session = new Session(arguments, cancellationToken);
            var response = await session.Client.GetItemAsync(
                new() { Name = session.NameOf(arguments.GetValue(id)!) }, session.Call);
            session.Output.Item(response.Item);
            return ExitCode.Done;
        });
        return command;
    }
}
