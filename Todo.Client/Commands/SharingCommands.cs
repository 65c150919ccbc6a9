using System.CommandLine;
using Grpc.Core;
using MonoRepo.Todo.V1;
using static MonoRepo.Todo.V1.ListPolicy.Types;
using static MonoRepo.Todo.V1.ListPolicy.Types.Binding.Types;

namespace MonoRepo.Todo.Client.Commands;

/// <summary><c>todo share LIST --with USER --role …</c>, <c>todo unshare LIST --with USER</c>, <c>todo access LIST</c></summary>
internal static class SharingCommands
{
    public static Command CreateShare()
    {
        var (list, user) = (ListArgument(), UserOption());
        var role = new Option<string>("--role") { Description = "reader or writer.", DefaultValueFactory = _ => "reader" };
        role.AcceptOnlyFromAmong("reader", "writer");
        var command = new Command("share", "Shares a list, from the next call on.") { list, user, role };
        command.SetAction((arguments, cancellationToken) =>
        {
            var binding = new Binding
            {
                User = arguments.GetValue(user)!,
                Role = arguments.GetValue(role) == "writer" ? Role.Writer : Role.Reader,
            };
            return ChangeAsync(arguments, list, binding.User, binding, cancellationToken);
        });
        return command;
    }

    public static Command CreateUnshare()
    {
        var (list, user) = (ListArgument(), UserOption());
        var command = new Command("unshare", "Shares a list no longer; watches of it end.") { list, user };
        command.SetAction(
            (arguments, cancellationToken) => ChangeAsync(arguments, list, arguments.GetValue(user)!, null, cancellationToken));
        return command;
    }

    public static Command CreateAccess()
    {
        var list = ListArgument();
        var command = new Command("access", "Shows with whom a list is shared.") { list };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            using var session = new Session(arguments, cancellationToken);
            session.Output.Policy(await GetAsync(session, session.ListNameOf(arguments.GetValue(list)!)));
            return ExitCode.Done;
        });
        return command;
    }

    private static Argument<string> ListArgument() => new("list") { Description = "The list." };

    private static Option<string> UserOption() =>
        new("--with", "-w") { Description = "The user: the claim 'sub' of the token.", Required = true };

    /// <summary>Reads, changes, writes; again when someone else changed the policy meanwhile.</summary>
    private static async Task<int> ChangeAsync(
        ParseResult arguments, Argument<string> list, string user, Binding? binding, CancellationToken cancellationToken)
    {
        using var session = new Session(arguments, cancellationToken);
        var name = session.ListNameOf(arguments.GetValue(list)!);
        for (var attempt = 1; ; attempt++)
        {
            var policy = await GetAsync(session, name);
            var others = policy.Bindings.Where(known => known.User != user).ToList();
            policy.Bindings.Clear();
            policy.Bindings.Add(others);
            if (binding is not null)
            {
                policy.Bindings.Add(binding);
            }

            try
            {
                session.Output.Policy((await session.Client.SetListPolicyAsync(new() { Policy = policy }, session.Call)).Policy);
                return ExitCode.Done;
            }
            catch (RpcException exception) when (exception.StatusCode == StatusCode.Aborted && attempt < 5)
            {
            }
        }
    }

    private static async Task<ListPolicy> GetAsync(Session session, string list) =>
        (await session.Client.GetListPolicyAsync(new() { List = list }, session.Call)).Policy;
}
