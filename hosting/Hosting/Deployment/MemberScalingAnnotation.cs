using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>
/// The members of a resource hold parts of its data, so their number is changed in steps: the wanted size is published and, when
/// growing, the new members are started; then <paramref name="Lock"/> in every member, <paramref name="Rearrange"/> in the first,
/// when shrinking <paramref name="Retire"/> in every leaving member, <paramref name="Forget"/> in the first and the removal
/// of the leaving ones; last <paramref name="Unlock"/> in every member. Every command may be repeated: an interrupted change is
/// finished by running all steps again.
/// </summary>
/// <param name="Lock">Keeps the members from changing roles by themselves.</param>
/// <param name="Rearrange">Gives roles and data to the wanted members; may take minutes, and prints what it does.</param>
/// <param name="Retire">Takes a member that holds nothing any more out of service.</param>
/// <param name="Forget">Makes the others forget the retired ones.</param>
/// <param name="Unlock">Ends the lock.</param>
public sealed record MemberScalingAnnotation(
    IReadOnlyList<string> Lock,
    IReadOnlyList<string> Rearrange,
    IReadOnlyList<string> Retire,
    IReadOnlyList<string> Forget,
    IReadOnlyList<string> Unlock) : IResourceAnnotation;
