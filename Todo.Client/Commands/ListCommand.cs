using System.CommandLine;
using MonoRepo.Todo.V1;

namespace MonoRepo.Todo.Client.Commands;

/// <summary><c>todo list</c></summary>
internal static class ListCommand
{
    private const int PageSize = 200;

    public static Command Create()
    {
        var state = new Option<string>("--state") { Description = "open, completed or all.", DefaultValueFactory = _ => "open" };
        state.AcceptOnlyFromAmong("open", "completed", "all");
        var most = new Option<int>("--most") { Description = "The most items to show.", DefaultValueFactory = _ => 100 };
        var command = new Command("list", "Shows the items, oldest first.") { state, most };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            using var session = new Session(arguments, cancellationToken);
            var limit = arguments.GetValue(most);
            if (limit < 1)
            {
                throw new UsageException($"--most {limit} is not a positive number.");
            }

            session.Output.Items(await ReadAsync(session, StateOf(arguments.GetValue(state)!), limit));
            return ExitCode.Done;
        });
        return command;
    }

    private static async Task<List<Item>> ReadAsync(Session session, Item.Types.State state, int limit)
    {
        var items = new List<Item>();
        var token = "";
        do
        {
            var page = await session.Client.ListItemsAsync(
                new()
                {
                    Parent = session.Parent,
                    State = state,
                    PageSize = Math.Min(PageSize, limit - items.Count),
                    PageToken = token,
                },
                session.Call);
            items.AddRange(page.Items);
            token = page.NextPageToken;
        }
        while (token.Length > 0 && items.Count < limit);
        return items;
    }

    private static Item.Types.State StateOf(string state) => state switch
    {
        "open" => Item.Types.State.Open,
        "completed" => Item.Types.State.Completed,
        _ => Item.Types.State.Unspecified,
    };
}
