using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>
/// The members of a resource let callers and each other in by a secret, and can let in by two of them for a while. So it is
/// replaced while everything goes on: <paramref name="Accept"/> in every member, the secret is changed, callers are rolled, then
/// the members, and last <paramref name="Only"/> in every member. Both commands read the new value as a line of their standard
/// input and may be repeated.
/// </summary>
/// <param name="Secret">The secret.</param>
/// <param name="PreviousVariable">Variable with the value that is being replaced, as long as that lasts.</param>
/// <param name="Accept">Lets in by the new value, too.</param>
/// <param name="Only">Lets in by no other value any more; fails in a member that was started without the new one.</param>
/// <param name="Pattern">Regular expression of the values that work.</param>
/// <param name="Hint">What is wrong with others: <c>a comma ends it in connection strings</c>.</param>
public sealed record MemberSecretAnnotation(
    Func<ParameterResource> Secret,
    string PreviousVariable,
    IReadOnlyList<string> Accept,
    IReadOnlyList<string> Only,
    string Pattern,
    string Hint) : IResourceAnnotation;
