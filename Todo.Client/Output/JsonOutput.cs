using Google.Protobuf;
using MonoRepo.Todo.V1;

namespace MonoRepo.Todo.Client.Output;

/// <summary>One JSON object a line, in proto3's JSON mapping.</summary>
internal sealed class JsonOutput(TextWriter output) : IOutput
{
    public void Items(IReadOnlyList<Item> items)
    {
        foreach (var item in items)
        {
            Item(item);
        }
    }

    public void Item(Item item) => Write(item);

    public void Did(string what, Item item) => Write(item);

    public void Policy(ListPolicy policy) => Write(policy);

    public void Change(WatchItemsResponse change) => Write(change);

    private void Write(IMessage message)
    {
        output.WriteLine(JsonFormatter.Default.Format(message));
        output.Flush();
    }
}
