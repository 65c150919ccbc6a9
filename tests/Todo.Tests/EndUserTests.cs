using Grpc.Core;
using MonoRepo.Todo.Client;
using MonoRepo.Todo.V1;
using Kind = MonoRepo.Todo.V1.WatchItemsResponse.Types.Kind;
using Role = MonoRepo.Todo.V1.ListPolicy.Types.Binding.Types.Role;

namespace MonoRepo.Tests;

/// <summary>Lists of users, and the sharing of them.</summary>
public abstract class EndUserTests
{
    private readonly string _list = TodoFixture.NewList().Split('/')[^1];

    protected EndUserTests(EndUsersFixture users)
    {
        Users = users;
        _ = users.Todo.Address; // Skips where the engine is missing.
    }

    protected TodoService.TodoServiceClient Client => Users.Replica.Client;

    protected EndUsersFixture Users { get; }

    protected string Mine => $"owners/me/lists/{_list}";

    private string Alices => $"owners/alice/lists/{_list}";

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AUserHasListsOfTheirOwn()
    {
        var item = await AddAsync("alice", Mine);

        Assert.StartsWith(Alices, item.Name, StringComparison.Ordinal);
        Assert.Equal(item, (await Client.GetItemAsync(new() { Name = item.Name }, As("alice"))).Item);
        Assert.Empty((await Client.ListItemsAsync(new() { Parent = Mine }, As("bob"))).Items);
        await RefusedAsync(StatusCode.Unauthenticated, "needs an end user's token", () => AddAsync(null, Mine));
    }

    [Fact]
    public async Task AnotherUsersListTellsNothing()
    {
        var item = await AddAsync("alice", Mine);

        var texts = new HashSet<string>();
        foreach (var name in new[] { item.Name, $"{Alices}/items/none" })
        {
            texts.Add(await RefusedAsync(StatusCode.PermissionDenied, "isn't yours", async () =>
                await Client.GetItemAsync(new() { Name = name }, As("bob"))));
            texts.Add(await RefusedAsync(StatusCode.PermissionDenied, "isn't yours", async () =>
                await Client.DeleteItemAsync(new() { Name = name }, As("bob"))));
        }

        Assert.Single(texts);
        await RefusedAsync(StatusCode.PermissionDenied, "isn't yours", () => AddAsync("bob", Alices));
        await RefusedAsync(StatusCode.PermissionDenied, "isn't yours", async () =>
            await Client.ListItemsAsync(new() { Parent = Alices }, As("bob")));
        await RefusedAsync(StatusCode.PermissionDenied, "Only the owner", async () =>
            await Client.GetListPolicyAsync(new() { List = Alices }, As("bob")));
        await RefusedAsync(StatusCode.PermissionDenied, "Only the owner", () => ShareAsync("bob", Role.Writer, by: "bob"));
    }

    [Fact]
    public async Task AReaderReadsAndAWriterWrites()
    {
        var item = await AddAsync("alice", Mine);

        await ShareAsync("bob", Role.Reader);
        Assert.Equal(item, (await Client.GetItemAsync(new() { Name = item.Name }, As("bob"))).Item);
        await RefusedAsync(StatusCode.PermissionDenied, "for reading only", () => AddAsync("bob", Alices));

        await ShareAsync("bob", Role.Writer);
        await AddAsync("bob", Alices);
        Assert.Equal(2, (await Client.ListItemsAsync(new() { Parent = Alices }, As("bob"))).Items.Count);
        await RefusedAsync(StatusCode.PermissionDenied, "Only the owner", () => ShareAsync("carol", Role.Reader, by: "bob"));
    }

    [Fact]
    public async Task APolicyIsChangedByEtag()
    {
        var first = await ShareAsync("bob", Role.Reader);
        var second = await ShareAsync("carol", Role.Writer, etag: first.Etag);

        Assert.Equal(["carol"], second.Bindings.Select(binding => binding.User));
        Assert.Equal(second, (await Client.GetListPolicyAsync(new() { List = Mine }, As("alice"))).Policy);
        await RefusedAsync(StatusCode.Aborted, "has changed", () => ShareAsync("dave", Role.Reader, etag: first.Etag));

        var refusal = await Assert.ThrowsAsync<RpcException>(() => ShareAsync("", Role.Unspecified));
        Assert.Equal(
            ["policy.bindings[0].user", "policy.bindings[0].role"],
            RichErrors.BadRequestOf(refusal).FieldViolations.Select(violation => violation.Field));
    }

    [Fact]
    public async Task AWatchEndsWithTheAccess()
    {
        await ShareAsync("bob", Role.Reader);
        using var watch = Client.WatchItems(new() { Parent = Alices }, As("bob"));
        Assert.True(await watch.ResponseStream.MoveNext(Token));
        await AddAsync("alice", Mine);
        Assert.True(await watch.ResponseStream.MoveNext(Token));
        Assert.Equal(Kind.Created, watch.ResponseStream.Current.Kind);

        await Client.SetListPolicyAsync(new() { Policy = new() { List = Mine } }, As("alice"));
        await AddAsync("alice", Mine);

        await RefusedAsync(StatusCode.PermissionDenied, "isn't shared with you", () => watch.ResponseStream.MoveNext(Token));
    }

    [Fact]
    public async Task ASubjectThatIsNoIdHasAnOwnerIdOfItsOwn()
    {
        var names = new HashSet<string>();
        foreach (var subject in new[] { "auth0|5f7c", "Auth0|5f7c", "me", "a@b.example" })
        {
            var name = (await AddAsync(subject, Mine)).Name;
            Assert.Matches("^owners/u--[0-9a-f]{40}/lists/", name);
            names.Add(name);
            await RefusedAsync(StatusCode.PermissionDenied, "isn't yours", async () =>
                await Client.GetItemAsync(new() { Name = name }, As(name.Split('/')[1])));
        }

        Assert.Equal(4, names.Count);
    }

    [Fact]
    public async Task BaggageCantChooseTheUser()
    {
        var item = await AddAsync("alice", Mine);
        var headers = As("bob").Headers!;
        headers.Add("baggage", "request.id=1,enduser.id=alice");

        await RefusedAsync(StatusCode.PermissionDenied, "isn't yours", async () =>
            await Client.GetItemAsync(new() { Name = item.Name }, new CallOptions(headers, cancellationToken: Token)));
    }

    [Fact]
    public async Task TheCommandLineSharesAList()
    {
        Assert.Equal($"{Alices} is shared with\nwriter  bob\n", await RunAsync(
            "alice", "share", _list, "--with", "bob", "--role", "writer"));
        Assert.Matches("^added", await RunAsync("bob", "add", "milk", "--list", Alices));
        Assert.Contains("milk", await RunAsync("alice", "list", "--list", _list), StringComparison.Ordinal);
        Assert.Contains("writer  bob", await RunAsync("alice", "access", _list), StringComparison.Ordinal);
        Assert.Equal($"{Alices} is shared with nobody.\n", await RunAsync("alice", "unshare", _list, "--with", "bob"));
    }

    [Fact]
    public async Task WithoutAProviderThereIsNothingToShare() =>
        await RefusedAsync(StatusCode.FailedPrecondition, "set EndUsers__Authority", async () =>
            await Users.Todo.Client.GetListPolicyAsync(new() { List = Mine }, cancellationToken: Token));

    private CallOptions As(string? user) =>
        new(user is null ? [] : new Metadata { { "x-end-user-token", Users.Provider.Token(user) } }, cancellationToken: Token);

    private async Task<Item> AddAsync(string? user, string list) =>
        (await Client.CreateItemAsync(new() { Parent = list, Item = new() { Title = "milk" } }, As(user))).Item;

    private async Task<ListPolicy> ShareAsync(string with, Role role, string by = "alice", string etag = "") =>
        (await Client.SetListPolicyAsync(
            new()
            {
                Policy = new()
                {
                    List = Alices,
                    Etag = etag,
                    Bindings = { new ListPolicy.Types.Binding { User = with, Role = role } },
                },
            }, As(by))).Policy;

    private async Task<string> RunAsync(string user, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exit = await TodoCommandLine.RunAsync(
            [.. args, "--token", Users.Provider.Token(user), "--server", Users.Replica.Server.Grpc.ToString()], output, error);
        Assert.Equal("", error.ToString());
        Assert.Equal(ExitCode.Done, exit);
        return output.ToString();
    }

    protected static async Task<string> RefusedAsync(StatusCode code, string text, Func<Task> call)
    {
        var refusal = await Assert.ThrowsAsync<RpcException>(call);
        Assert.Equal((code, true), (refusal.StatusCode, refusal.Status.Detail.Contains(text, StringComparison.Ordinal)));
        return refusal.Status.Detail.Replace(refusal.Status.Detail.Split(' ')[0], "", StringComparison.Ordinal);
    }
}
