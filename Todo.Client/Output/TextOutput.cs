using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using MonoRepo.Todo.V1;
using Spectre.Console;
using Kind = MonoRepo.Todo.V1.WatchItemsResponse.Types.Kind;
using State = MonoRepo.Todo.V1.Item.Types.State;

namespace MonoRepo.Todo.Client.Output;

/// <summary>Tables and lines; colours on a terminal only.</summary>
internal sealed class TextOutput : IOutput
{
    private readonly IAnsiConsole _console;

    public TextOutput(TextWriter output)
    {
        var isTerminal = output == Console.Out && !Console.IsOutputRedirected;
        _console = AnsiConsole.Create(new()
        {
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(output),
        });
        if (!isTerminal)
        {
            // Wide enough that nothing that a script may look for is wrapped.
            _console.Profile.Width = 1000;
        }
    }

    public void Items(IReadOnlyList<Item> items)
    {
        if (items.Count == 0)
        {
            _console.WriteLine("Nothing to do.");
            return;
        }

        var table = new Table().Border(TableBorder.None).AddColumns("", "ID", "TITLE", "DUE", "CREATED");
        foreach (var item in items)
        {
            var done = item.State == State.Completed;
            table.AddRow(
                new Text(done ? "✓" : "·", done ? new Style(Color.Green) : Style.Plain),
                new Text(Id(item), new Style(Color.Grey)),
                new Text(item.Title, done ? new Style(Color.Grey) : Style.Plain),
                new Text(Date(item.DueTime), IsLate(item) ? new Style(Color.Red) : Style.Plain),
                new Text(Date(item.CreateTime)));
        }

        _console.Write(table);
    }

    public void Item(Item item)
    {
        var grid = new Grid().AddColumns(2);
        Row("id", Id(item));
        Row("title", item.Title);
        Row("state", item.State == State.Completed ? "completed" : "open");
        Row("due", Date(item.DueTime));
        Row("created", Date(item.CreateTime));
        Row("updated", Date(item.UpdateTime));
        Row("completed", Date(item.CompleteTime));
        Row("etag", item.Etag);
        Row("notes", item.Notes);
        _console.Write(grid);

        void Row(string name, string value)
        {
            if (value.Length > 0)
            {
                grid.AddRow(new Text(name, new Style(Color.Grey)), new Text(value));
            }
        }
    }

    public void Did(string what, Item item) => Line(what, item);

    public void Policy(ListPolicy policy)
    {
        _console.WriteLine(policy.Bindings.Count == 0
            ? $"{policy.List} is shared with nobody."
            : $"{policy.List} is shared with");
        foreach (var binding in policy.Bindings)
        {
            _console.WriteLine(
                $"{(binding.Role == ListPolicy.Types.Binding.Types.Role.Writer ? "writer" : "reader")}  {binding.User}");
        }
    }

    public void Change(WatchItemsResponse change)
    {
        if (change.Item is { } item)
        {
            Line(change.Kind switch
            {
                Kind.Created => "created",
                Kind.Completed => "completed",
                Kind.Deleted => "deleted",
                _ => "updated",
            }, item);
        }
    }

    private void Line(string what, Item item) =>
        _console.Write(new Columns(new Text($"{what,-9} {Id(item)}  {item.Title}")).Collapse());

    private static string Id(Item item) => item.Name[(item.Name.LastIndexOf('/') + 1)..];

    private static bool IsLate(Item item) =>
        item.State == State.Open && item.DueTime is { } due && due.ToDateTimeOffset() < DateTimeOffset.UtcNow;

    private static string Date(Timestamp? time) =>
        time?.ToDateTimeOffset().ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) ?? "";
}
