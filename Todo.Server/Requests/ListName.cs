namespace MonoRepo.Todo.Server.Requests;

/// <summary>The resource name of a list: <c>owners/{owner}/lists/{list}</c>.</summary>
/// <param name="Owner">Who owns the list: an id as <see cref="ResourceId"/> takes it.</param>
/// <param name="List">The list's id, unique for its owner.</param>
public sealed record ListName(string Owner, string List)
{
    /// <summary>Reads a name; null where it is not one.</summary>
    public static ListName? TryParse(string name) => name.Split('/') switch
    {
        ["owners", var owner, "lists", var list] when ResourceId.IsValid(owner) && ResourceId.IsValid(list) => new(owner, list),
        _ => null,
    };

    /// <inheritdoc/>
    public override string ToString() => $"owners/{Owner}/lists/{List}";
}
