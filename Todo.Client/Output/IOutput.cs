using MonoRepo.Todo.V1;

namespace MonoRepo.Todo.Client.Output;

/// <summary>How results are shown.</summary>
internal interface IOutput
{
    /// <summary>The items of a listing, in order; called once.</summary>
    void Items(IReadOnlyList<Item> items);

    /// <summary>One item, in full.</summary>
    void Item(Item item);

    /// <summary>What a command did to an item.</summary>
    void Did(string what, Item item);

    /// <summary>With whom a list is shared.</summary>
    void Policy(ListPolicy policy);

    /// <summary>One change of a watched list.</summary>
    void Change(WatchItemsResponse change);
}
