using Grpc.Core;
using MonoRepo.Todo.Server.Requests;
using MonoRepo.Todo.Server.Storage;
using MonoRepo.Todo.V1;
using static MonoRepo.Todo.V1.ListPolicy.Types.Binding.Types;

namespace MonoRepo.Todo.Server;

/// <summary>The RPCs: check the request, ask the store, answer.</summary>
public sealed class TodoGrpcService(ItemStore store, ChangeLog changes, PolicyStore policies, ListAccess access)
    : TodoService.TodoServiceBase
{
    private const int DefaultPageSize = 50;
    private const int PageSizeLimit = 1000;

    /// <inheritdoc/>
    public override async Task<CreateItemResponse> CreateItem(CreateItemRequest request, ServerCallContext context)
    {
        var violations = new Violations();
        var parent = violations.List("parent", request.Parent);
        var id = violations.NewId("item_id", request.ItemId);
        var requestId = violations.Uuid("request_id", request.RequestId);
        var draft = request.Item ?? new();
        violations.Content("item", draft, ["title", "notes", "due_time"]);
        violations.ThrowIfAny();

        var once = requestId is null ? null : new CreateRequestId(requestId, request);
        var list = await access.CheckAsync(parent!, Role.Writer, context);
        return new() { Item = await store.CreateAsync(new(list, id), draft, once, context.CancellationToken) };
    }

    /// <inheritdoc/>
    public override async Task<GetItemResponse> GetItem(GetItemRequest request, ServerCallContext context) =>
        new() { Item = await store.GetAsync(await ItemAsync(request.Name, Role.Reader, context)) };

    /// <inheritdoc/>
    public override async Task<ListItemsResponse> ListItems(ListItemsRequest request, ServerCallContext context)
    {
        var violations = new Violations();
        var parent = violations.List("parent", request.Parent);
        var scope = $"{request.Parent}?state={request.State}";
        var after = violations.Token("page_token", scope, request.PageToken) ?? 0;
        if (request.PageSize < 0)
        {
            violations.Add("page_size", $"{request.PageSize} is negative");
        }

        if (!Enum.IsDefined(request.State))
        {
            violations.Add("state", $"{(int)request.State} is not a state");
        }

        violations.ThrowIfAny();

        var size = request.PageSize == 0 ? DefaultPageSize : Math.Min(request.PageSize, PageSizeLimit);
        var list = await access.CheckAsync(parent!, Role.Reader, context);
        var page = await store.ListAsync(list, request.State, after, size);
        return new()
        {
            Items = { page.Items },
            NextPageToken = page.Next is { } next ? Position.Encode(scope, next) : "",
            ResumeToken = Position.Encode(list.ToString(), page.Sequence),
        };
    }

    /// <inheritdoc/>
    public override async Task<UpdateItemResponse> UpdateItem(UpdateItemRequest request, ServerCallContext context)
    {
        var violations = new Violations();
        var item = request.Item ?? new();
        var name = violations.Item("item.name", item.Name);
        var paths = UpdateMask.Read(request.UpdateMask, violations);
        violations.Content("item", item, paths);
        violations.ThrowIfAny();

        var list = await access.CheckAsync(name!.Parent, Role.Writer, context);
        return new()
        {
            Item = await store.UpdateAsync(
                name with { Parent = list }, item.Etag, present => UpdateMask.Apply(paths, item, present),
                context.CancellationToken),
        };
    }

    /// <inheritdoc/>
    public override async Task<CompleteItemResponse> CompleteItem(CompleteItemRequest request, ServerCallContext context) => new()
    {
        Item = await store.UpdateAsync(
            await ItemAsync(request.Name, Role.Writer, context),
            request.Etag,
            item => item.State = Item.Types.State.Completed,
            context.CancellationToken),
    };

    /// <inheritdoc/>
    public override async Task<DeleteItemResponse> DeleteItem(DeleteItemRequest request, ServerCallContext context)
    {
        await store.DeleteAsync(await ItemAsync(request.Name, Role.Writer, context), request.Etag, context.CancellationToken);
        return new();
    }

    /// <inheritdoc/>
    public override async Task WatchItems(
        WatchItemsRequest request, IServerStreamWriter<WatchItemsResponse> responseStream, ServerCallContext context)
    {
        var violations = new Violations();
        var parent = violations.List("parent", request.Parent);
        violations.ThrowIfAny();

        var list = await access.CheckAsync(parent!, Role.Reader, context);
        var after = violations.Token("resume_token", list.ToString(), request.ResumeToken);
        violations.ThrowIfAny();

        var follow = changes.FollowAsync(
            list, after, () => access.CheckAsync(list, Role.Reader, context), context.CancellationToken);
        await foreach (var change in follow)
        {
            await responseStream.WriteAsync(change, context.CancellationToken);
        }
    }

    /// <inheritdoc/>
    public override async Task<GetListPolicyResponse> GetListPolicy(GetListPolicyRequest request, ServerCallContext context)
    {
        var violations = new Violations();
        var list = violations.List("list", request.List);
        violations.ThrowIfAny();

        return new() { Policy = await policies.GetAsync(access.CheckOwner(list!, context)) };
    }

    /// <inheritdoc/>
    public override async Task<SetListPolicyResponse> SetListPolicy(SetListPolicyRequest request, ServerCallContext context)
    {
        var violations = new Violations();
        var policy = request.Policy ?? new();
        var list = violations.List("policy.list", policy.List);
        violations.Policy("policy", policy);
        violations.ThrowIfAny();

        return new() { Policy = await policies.SetAsync(access.CheckOwner(list!, context), policy) };
    }

    private async Task<ItemName> ItemAsync(string name, Role role, ServerCallContext context)
    {
        var violations = new Violations();
        var parsed = violations.Item("name", name);
        violations.ThrowIfAny();
        return parsed! with { Parent = await access.CheckAsync(parsed.Parent, role, context) };
    }
}
