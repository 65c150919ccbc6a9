namespace MonoRepo.Todo.Server.Requests;

/// <summary>The resource name of an item: <c>owners/{owner}/lists/{list}/items/{item}</c>.</summary>
/// <param name="Parent">The list that the item is in.</param>
/// <param name="Item">The item's id, unique in its list.</param>
public sealed record ItemName(ListName Parent, string Item)
{
    /// <summary>Reads a name; null where it is not one.</summary>
    public static ItemName? TryParse(string name) => name.Split('/') switch
    {
        ["owners", var owner, "lists", var list, "items", var item]
            when ResourceId.IsValid(owner) && ResourceId.IsValid(list) && ResourceId.IsValid(item) => new(new(owner, list), item),
        _ => null,
    };

    /// <inheritdoc/>
    public override string ToString() => $"{Parent}/items/{Item}";
}
