using System.CommandLine;

namespace MonoRepo.Todo.Client.Commands;

/// <summary><c>todo add TITLE…</c></summary>
internal static class AddCommand
{
    public static Command Create()
    {
        var title = new Argument<string[]>("title") { Description = "What there is to do.", Arity = ArgumentArity.OneOrMore };
        var notes = new Option<string>("--notes", "-n") { Description = "More about it." };
        var due = DueOption.Create();
        var id = new Option<string>("--id") { Description = "The item's id, instead of a random one." };
        var command = new Command("add", "Adds an item.") { title, notes, due, id };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            using var session = new Session(arguments, cancellationToken);
            var response = await session.Client.CreateItemAsync(new()
            {
                Parent = session.Parent,
                ItemId = arguments.GetValue(id) ?? "",
                RequestId = Guid.NewGuid().ToString(),
                Item = new()
                {
                    Title = string.Join(' ', arguments.GetValue(title)!),
                    Notes = arguments.GetValue(notes) ?? "",
                    DueTime = DueOption.Read(arguments.GetValue(due)),
                },
            }, session.Call);
            session.Output.Did("added", response.Item);
            return ExitCode.Done;
        });
        return command;
    }
}
