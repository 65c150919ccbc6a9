using MonoRepo.Todo.V1;

namespace MonoRepo.Todo.Server.Storage;

/// <summary>A part of a listing.</summary>
/// <param name="Items">The items, in the order of their creation.</param>
/// <param name="Next">Where the next page begins, as the number that the store takes; null on the last page.</param>
/// <param name="Sequence">The number of the list's last change, as it was before the page was read.</param>
public sealed record ItemPage(IReadOnlyList<Item> Items, long? Next, long Sequence);
