using System.Security.Cryptography;
using System.Text;
using Grpc.Core;
using MonoRepo.ServiceDefaults.EndUsers;
using MonoRepo.Todo.Server.Requests;
using MonoRepo.Todo.Server.Storage;
using static MonoRepo.Todo.V1.ListPolicy.Types.Binding.Types;

namespace MonoRepo.Todo.Server;

/// <summary>
/// Who may do what with a list: its owner everything, others what its policy says. Where end users aren't verified, everybody
/// everything.
/// </summary>
public sealed class ListAccess(EndUserAccess users, PolicyStore policies)
{
    /// <summary>The owner in names that stands for the caller.</summary>
    public const string Me = "me";

    private const string HashPrefix = "u--";

    /// <summary>
    /// The owner id of a user: the subject where it can be one, else a digest of it. No subject can choose the id of another:
    /// what looks like a digest is digested too.
    /// </summary>
    public static string OwnerOf(string subject) =>
        ResourceId.IsValid(subject) && subject != Me && !subject.StartsWith(HashPrefix, StringComparison.Ordinal)
            ? subject
            : HashPrefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(subject)).AsSpan(0, 20));

    /// <summary>The list under its owner's own id, if the caller may use it so.</summary>
    /// <exception cref="RpcException">PERMISSION_DENIED, or UNAUTHENTICATED where the caller proved no user.</exception>
    public Task<ListName> CheckAsync(ListName list, Role role, ServerCallContext call)
    {
        if (!users.IsVerifying)
        {
            return Task.FromResult(list);
        }

        var user = users.Require(call);
        return IsOwner(ref list, user) ? Task.FromResult(list) : CheckPolicyAsync(list, role, user);
    }

    /// <summary>The list under its owner's own id, if the caller is its owner.</summary>
    /// <exception cref="RpcException">As above; FAILED_PRECONDITION where end users aren't verified.</exception>
    public ListName CheckOwner(ListName list, ServerCallContext call)
    {
        if (!users.IsVerifying)
        {
            throw new RpcException(new(StatusCode.FailedPrecondition,
                "End users aren't verified here, so everybody can use every list: set EndUsers__Authority to share lists."));
        }

        return IsOwner(ref list, users.Require(call))
            ? list
            : throw new RpcException(new(
                StatusCode.PermissionDenied, $"Only the owner of {list} may see and change with whom it is shared."));
    }

    private static bool IsOwner(ref ListName list, EndUser user)
    {
        var owner = OwnerOf(user.Subject);
        if (list.Owner == Me)
        {
            list = list with { Owner = owner };
        }

        return list.Owner == owner;
    }

    // The same answer whether or not the list, or the item in it, exists.
    private async Task<ListName> CheckPolicyAsync(ListName list, Role role, EndUser user)
    {
        var policy = await policies.GetAsync(list);
        var granted = policy.Bindings.FirstOrDefault(binding => binding.User == user.Subject)?.Role ?? Role.Unspecified;
        return granted >= role
            ? list
            : throw new RpcException(new(StatusCode.PermissionDenied,
                granted == Role.Reader
                    ? $"{list} is shared with you for reading only."
                    : $"{list} isn't yours, and isn't shared with you."));
    }
}
