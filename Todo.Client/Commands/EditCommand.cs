using System.CommandLine;
using Google.Protobuf.WellKnownTypes;
using MonoRepo.Todo.V1;

namespace MonoRepo.Todo.Client.Commands;

/// <summary><c>todo edit ID --title … --notes … --due … --reopen</c></summary>
internal static class EditCommand
{
    public static Command Create()
    {
        var id = new Argument<string>("id") { Description = "The item." };
        var title = new Option<string>("--title", "-t") { Description = "The new title." };
        var notes = new Option<string>("--notes", "-n") { Description = "The new notes; '' for none." };
        var due = DueOption.Create();
        due.Description += " 'none' for none.";
        var reopen = new Option<bool>("--reopen") { Description = "Makes a completed item open again." };
        var etag = new Option<string>("--etag") { Description = "Change it only if it has not changed since it had this etag." };
        var command = new Command("edit", "Changes an item.") { id, title, notes, due, reopen, etag };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            using var session = new Session(arguments, cancellationToken);
            var item = new Item { Name = session.NameOf(arguments.GetValue(id)!), Etag = arguments.GetValue(etag) ?? "" };
            var mask = new FieldMask();
            if (arguments.GetValue(title) is { } newTitle)
            {
                item.Title = newTitle;
                mask.Paths.Add("title");
            }

            if (arguments.GetValue(notes) is { } newNotes)
            {
                item.Notes = newNotes;
                mask.Paths.Add("notes");
            }

            if (arguments.GetValue(due) is { } newDue)
            {
                item.DueTime = DueOption.Read(newDue);
                mask.Paths.Add("due_time");
            }

            if (arguments.GetValue(reopen))
            {
                item.State = Item.Types.State.Open;
                mask.Paths.Add("state");
            }

            if (mask.Paths.Count == 0)
            {
                throw new UsageException("nothing to change: give --title, --notes, --due or --reopen.");
            }

            var response = await session.Client.UpdateItemAsync(new() { Item = item, UpdateMask = mask }, session.Call);
            session.Output.Did("updated", response.Item);
            return ExitCode.Done;
        });
        return command;
    }
}
