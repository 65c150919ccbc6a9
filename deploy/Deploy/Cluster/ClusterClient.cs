using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Deploy.Cluster;

/// <summary>The real cluster, over its API.</summary>
internal sealed class ClusterClient : IClusterClient, IDisposable
{
    // Lists come in pages: a large namespace doesn't have to fit into one answer.
    private const int PageSize = 500;

    // At the same time; kubectl applies one by one.
    private const int Parallel = 8;

    private readonly ApiConnection _connection;
    private readonly ApiResources _resources;
    private readonly TimeProvider _time;
    private readonly bool _isShared;

    private ClusterClient(
        ClusterTarget target, ApiConnection connection, ApiResources? resources, TimeProvider time, bool isShared)
    {
        Target = target;
        _connection = connection;
        _resources = resources
            ?? new((path, cancellation) => FindAsync(new(HttpMethod.Get, path, target), withManagedFields: false, cancellation));
        _time = time;
        _isShared = isShared;
    }

    public ClusterTarget Target { get; }

    /// <summary>Requests that were sent.</summary>
    public int Requests => _connection.Requests;

    /// <summary>Called with a line when the API server is away for a moment, and is tried again.</summary>
    public Action<string>? Report
    {
        get => _connection.Report;
        set => _connection.Report = value;
    }

    /// <summary>A client for a context of a kubeconfig; nothing is sent yet.</summary>
    /// <exception cref="ClusterException">There is no such context.</exception>
    public static ClusterClient Connect(ClusterTarget target, Kubeconfig? kubeconfig = null, TimeProvider? time = null)
    {
        var (configuration, plugin) = (kubeconfig ?? Kubeconfig.Load()).Connection(target.Context);
        time ??= TimeProvider.System;
        return new(target, new(configuration, plugin, time), null, time, isShared: false);
    }

    /// <summary>The same cluster, another namespace, the same connection.</summary>
    public ClusterClient InNamespace(string @namespace) =>
        new(Target with { Namespace = @namespace }, _connection, _resources, _time, isShared: true);

    public void Dispose()
    {
        if (!_isShared)
        {
            _connection.Dispose();
        }
    }

    public async Task<string> ServerVersionAsync(CancellationToken cancellationToken) =>
        (await SendAsync(new(HttpMethod.Get, "version", Target), cancellationToken)).Text("gitVersion") ?? "";

    public async Task<IReadOnlyList<YamlMap>> GetAsync(ObjectQuery query, CancellationToken cancellationToken)
    {
        var kinds = query.Kinds.Distinct().Select(
            k => ReadableAsync(query, k, async () => (await ListAsync(query, k, cancellationToken)).Items));
        var objects = query.Objects.Distinct()
            .Select(o => ReadableAsync(query, o.ResourceKind, async () =>
                await FindAsync(HttpMethod.Get, o, null, query.ManagedFields, cancellationToken) is { } found ? [found] : []));
        return [.. (await AllAsync([.. kinds, .. objects])).SelectMany(f => f)];
    }

    public async IAsyncEnumerable<ObjectChange> WatchAsync(
        ObjectQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var watches = new ObjectWatches(
            query, (k, c) => ListAsync(query, k, c), (k, version, c) => ChangesAsync(query, k, version, c), _time);
        foreach (var change in await watches.StartAsync(cancellationToken))
        {
            yield return change;
        }

        // Nothing more is asked of the server unless somebody reads on.
        await foreach (var change in watches.GoOnAsync(cancellationToken))
        {
            yield return change;
        }
    }

    public async Task<IReadOnlyList<AppliedObject>> ApplyAsync(
        IReadOnlyList<YamlMap> objects, ApplyOptions options, CancellationToken cancellationToken)
    {
        var applied = new AppliedObject?[objects.Count];
        var errors = new ConcurrentQueue<ClusterException>();
        foreach (var sameKind in objects.Index().GroupBy(o => o.Item.Text("kind")))
        {
            await System.Threading.Tasks.Parallel.ForEachAsync(
                sameKind, new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellationToken },
                ApplyOneAsync);
        }

        return errors.IsEmpty ? [.. applied.OfType<AppliedObject>()] : throw ClusterException.Of(errors);

        async ValueTask ApplyOneAsync((int Index, YamlMap Item) one, CancellationToken cancellation)
        {
            try
            {
                applied[one.Index] = await ApplyAsync(one.Item, options, cancellation);
            }
            catch (ClusterException exception)
            {
                errors.Enqueue(exception);
            }
        }
    }

    public Task<YamlMap> CreateAsync(YamlMap one, CancellationToken cancellationToken) =>
        WriteAsync(HttpMethod.Post, one, cancellationToken);

    public Task<YamlMap> ReplaceAsync(YamlMap one, CancellationToken cancellationToken) =>
        WriteAsync(HttpMethod.Put, one, cancellationToken);

    public async Task<YamlMap> PatchAsync(ObjectKey one, ObjectPatch patch, CancellationToken cancellationToken)
    {
        var resource = await FindAsync(one.ResourceKind, null, cancellationToken);
        var path = resource.Path(Target.Namespace, one.Name) + (patch.Subresource is null ? "" : $"/{patch.Subresource}");
        return await SendAsync(
            new(HttpMethod.Patch, $"{path}?fieldManager={patch.Manager}", Target)
            {
                Body = patch.Json,
                ContentType = $"application/{patch.Type}-patch+json",
                About = one,
            },
            cancellationToken);
    }

    public async Task DeleteAsync(IReadOnlyList<ObjectKey> objects, DeleteOptions options, CancellationToken cancellationToken)
    {
        var deleted = await AllAsync([.. objects.Select(o => DeleteAsync(o, options, cancellationToken))]);
        if (!options.Wait || deleted.All(d => d is null))
        {
            return;
        }

        // By their identity: a controller makes a pod of the same name again at once.
        var left = deleted.OfType<string>().ToHashSet();
        var there = new HashSet<string>();
        var kinds = objects.Zip(deleted).Where(d => d.Second is not null).Select(d => d.First.ResourceKind).Distinct();
        await foreach (var change in WatchAsync(ObjectQuery.OfKinds(kinds), cancellationToken))
        {
            var uid = change.Object.TextAt("metadata", "uid") ?? "";
            var isGone = change.Type == ObjectChangeType.Deleted
                ? there.Remove(uid)
                : change.Type == ObjectChangeType.Synced || (left.Contains(uid) && !there.Add(uid));
            if (isGone && there.Count == 0)
            {
                return;
            }
        }
    }

    public IAsyncEnumerable<string> LogsAsync(LogOptions logs, CancellationToken cancellationToken)
    {
        string?[] query =
        [
            $"follow={(logs.Follow ? "true" : "false")}",
            logs.Container is { } container ? $"container={Uri.EscapeDataString(container)}" : null,
            logs.Tail is { } tail ? string.Create(CultureInfo.InvariantCulture, $"tailLines={tail}") : null,
            logs.Previous ? "previous=true" : null,
            logs.Timestamps ? "timestamps=true" : null,
            logs.Since is { } since ? $"sinceSeconds={Math.Max(1, (long)Math.Ceiling(since.TotalSeconds))}" : null,
        ];

        var request = new ApiRequest(
            HttpMethod.Get,
            $"api/v1/namespaces/{Target.Namespace}/pods/{logs.Pod}/log?{string.Join('&', query.OfType<string>())}",
            Target)
        {
            About = ResourceKind.Pod.Named(logs.Pod),
        };
        return _connection.LinesAsync(request, cancellationToken);
    }

    public Task<ExecResult> ExecAsync(ExecRequest exec, CancellationToken cancellationToken) =>
        new PodSockets(_connection, Target).ExecAsync(exec, cancellationToken);

    public Task<PodPort> ForwardAsync(string pod, int port, CancellationToken cancellationToken) =>
        new PodSockets(_connection, Target).ForwardAsync(pod, port, cancellationToken);

    private async Task<YamlMap> WriteAsync(HttpMethod method, YamlMap one, CancellationToken cancellationToken)
    {
        var (resource, key, @namespace) = await PlaceAsync(one, cancellationToken);
        var path = resource.Path(@namespace, method == HttpMethod.Put ? key.Name : null);
        return await SendAsync(
            new(method, $"{path}?fieldManager={ApplyOptions.FieldManager}", Target) { Body = JsonNodes.Write(one), About = key },
            cancellationToken);
    }

    private async Task<AppliedObject> ApplyAsync(YamlMap one, ApplyOptions options, CancellationToken cancellationToken)
    {
        var (resource, key, @namespace) = await PlaceAsync(one, cancellationToken);
        var path = $"{resource.Path(@namespace, key.Name)}?fieldManager={options.Manager}&fieldValidation=Strict"
            + $"&force={(options.ForceConflicts ? "true" : "false")}{(options.DryRun ? "&dryRun=All" : "")}";
        var request = new ApiRequest(HttpMethod.Patch, path, Target)
        {
            Body = JsonNodes.Write(one),
            ContentType = "application/apply-patch+yaml",
            About = key,
        };
        using var response = await _connection.SendAsync(request, cancellationToken);
        if (key.Kind == "CustomResourceDefinition" && !options.DryRun)
        {
            _resources.Forget();
        }

        return new(await ReadAsync(response, withManagedFields: true), response.StatusCode == HttpStatusCode.Created);
    }

    /// <summary>Deletes one and says which it was; null: it didn't exist.</summary>
    private async Task<string?> DeleteAsync(ObjectKey one, DeleteOptions options, CancellationToken cancellationToken)
    {
        var body = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "DeleteOptions",
            ["propagationPolicy"] = options.Orphan ? "Orphan" : options.Foreground ? "Foreground" : "Background",
        };
        if (options.GracePeriodSeconds is { } seconds)
        {
            body["gracePeriodSeconds"] = seconds;
        }

        // The object that is being deleted, or a Status that names the one that is gone.
        var answer = await FindAsync(HttpMethod.Delete, one, body.ToJsonString(), false, cancellationToken);
        return answer is null ? null : answer.TextAt("metadata", "uid") ?? answer.TextAt("details", "uid") ?? "";
    }

    /// <summary>Gets or deletes an object; null: it doesn't exist.</summary>
    private async Task<YamlMap?> FindAsync(
        HttpMethod method, ObjectKey one, string? body, bool withManagedFields, CancellationToken cancellationToken) =>
        await _resources.FindAsync(one.ResourceKind, null, cancellationToken) is { } resource
            ? await FindAsync(
                new(method, resource.Path(Target.Namespace, one.Name), Target) { Body = body, About = one },
                withManagedFields,
                cancellationToken)
            : null;

    private async Task<YamlMap?> FindAsync(ApiRequest request, bool withManagedFields, CancellationToken cancellationToken)
    {
        try
        {
            return await SendAsync(request, cancellationToken, withManagedFields);
        }
        catch (ClusterException exception) when (exception.Reason is ClusterErrorReason.NotFound
            or ClusterErrorReason.UnknownKind or ClusterErrorReason.NamespaceNotFound)
        {
            return null;
        }
    }

    private async Task<ObjectList> ListAsync(ObjectQuery query, ResourceKind kind, CancellationToken cancellationToken)
    {
        var resource = await FindAsync(kind, null, cancellationToken);
        var items = new List<YamlMap>();
        string? next = null;
        while (true)
        {
            var more = next is null ? "" : $"&continue={Uri.EscapeDataString(next)}";
            var page = await SendAsync(
                new(HttpMethod.Get, $"{resource.Path(Namespace(query))}?limit={PageSize}{Filter(query)}{more}", Target),
                cancellationToken,
                query.ManagedFields);
            foreach (var item in page.ItemsAt("items"))
            {
                // Items of a list don't say what they are.
                item["apiVersion"] ??= new YamlScalar(resource.GroupVersion);
                item["kind"] ??= new YamlScalar(kind.Kind);
                items.Add(item);
            }

            next = page.TextAt("metadata", "continue");
            if (string.IsNullOrEmpty(next))
            {
                return new(items, page.TextAt("metadata", "resourceVersion") ?? "");
            }
        }
    }

    private async IAsyncEnumerable<(string Type, YamlMap Object)> ChangesAsync(
        ObjectQuery query, ResourceKind kind, string version, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var resource = await FindAsync(kind, null, cancellationToken);
        var request = new ApiRequest(
            HttpMethod.Get,
            $"{resource.Path(Namespace(query))}?watch=true&allowWatchBookmarks=true&resourceVersion={version}{Filter(query)}",
            Target);

        // {"type": "MODIFIED", "object": {…}}, a line each
        await foreach (var line in _connection.LinesAsync(request, cancellationToken))
        {
            var change = JsonNodes.ReadObject(
                System.Text.Encoding.UTF8.GetBytes(line), query.ManagedFields ? null : "managedFields");
            if (change.Text("type") == "ERROR")
            {
                var status = change.Map("object")!;
                throw new ClusterException(
                    [ApiErrors.Read((HttpStatusCode)(status.NumberAt("code") ?? 500), JsonNodes.Write(status), Target, null)]);
            }

            yield return (change.Text("type")!, change.Map("object")!);
        }
    }

    /// <summary>Where an object belongs: what is namespaced and doesn't say where is in our namespace.</summary>
    private async Task<(ApiResource Resource, ObjectKey Key, string Namespace)> PlaceAsync(
        YamlMap one, CancellationToken cancellationToken)
    {
        var key = ObjectKey.Of(one);
        var resource = await FindAsync(key.ResourceKind, one.Text("apiVersion"), cancellationToken);
        return (resource, key, one.TextAt("metadata", "namespace") ?? Target.Namespace);
    }

    private async Task<ApiResource> FindAsync(ResourceKind kind, string? apiVersion, CancellationToken cancellationToken) =>
        await _resources.FindAsync(kind, apiVersion, cancellationToken)
        ?? throw new ClusterException([ApiErrors.UnknownKind(Target, kind)]);

    private string? Namespace(ObjectQuery query) => query.AllNamespaces ? null : Target.Namespace;

    private static string Filter(ObjectQuery query) =>
        query.Selector is null ? "" : $"&labelSelector={Uri.EscapeDataString(query.Selector)}";

    private async Task<YamlMap> SendAsync(
        ApiRequest request, CancellationToken cancellationToken, bool withManagedFields = false)
    {
        using var response = await _connection.SendAsync(request, cancellationToken);
        return await ReadAsync(response, withManagedFields);
    }

    private static async Task<YamlMap> ReadAsync(HttpResponseMessage response, bool withManagedFields) =>
        JsonNodes.ReadObject(
            await response.Content.ReadAsByteArrayAsync(CancellationToken.None), withManagedFields ? null : "managedFields");

    private static async Task<IReadOnlyList<YamlMap>> ReadableAsync(
        ObjectQuery query, ResourceKind kind, Func<Task<IReadOnlyList<YamlMap>>> read)
    {
        try
        {
            return await read();
        }
        catch (ClusterException exception) when (ObjectWatches.IsUnreadable(query, exception))
        {
            query.Unreadable!(kind, exception.Errors[0]);
            return [];
        }
    }

    /// <summary>Waits for all; the errors of all are thrown together.</summary>
    private static async Task<IReadOnlyList<T>> AllAsync<T>(IReadOnlyList<Task<T>> tasks)
    {
        await ((Task)Task.WhenAll(tasks)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var errors = tasks.Where(t => t.IsFaulted).SelectMany(t => t.Exception!.InnerExceptions).ToList();
        if (errors.Count > 0 && errors.TrueForAll(e => e is ClusterException))
        {
            throw ClusterException.Of([.. errors.Cast<ClusterException>()]);
        }

        return await Task.WhenAll(tasks);
    }
}

/// <summary>All objects of a kind at one moment.</summary>
/// <param name="Version">The moment, from which a watch goes on.</param>
internal sealed record ObjectList(IReadOnlyList<YamlMap> Items, string Version);
