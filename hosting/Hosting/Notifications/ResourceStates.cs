using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The newest snapshot of every instance, and who watches them.</summary>
internal sealed class ResourceStates
{
    private readonly ConcurrentDictionary<string, Instance> _instances = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, Topic> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly Topic _all = new();

    internal void Update(IResource resource, string id, Func<CustomResourceSnapshot?, CustomResourceSnapshot> change)
    {
        var instance = _instances.GetOrAdd(id, static (id, resource) => new Instance(id, resource), resource);
        if (!ReferenceEquals(instance.Resource, resource))
        {
            throw new InvalidOperationException($"Resource instance doesn't match resource previously registered with specified resource id '{id}'.");
        }

        var topic = _names.GetOrAdd(resource.Name, static _ => new Topic());
        lock (instance)
        {
            var last = instance.Last;
            var next = change(last);
            if (last is not null && next.SameContent(last))
            {
                return;
            }

            instance.Last = next with { Version = (last?.Version ?? 0) + 1 };
            if (last is null)
            {
                topic.Add(instance);
                _all.Add(instance);
            }

            var change2 = new ResourceEvent(resource, id, instance.Last);
            topic.Publish(change2);
            _all.Publish(change2);
        }
    }

    /// <summary>The instance of this name, or the single instance of the resource of this name.</summary>
    internal bool TryGet(string idOrName, [NotNullWhen(true)] out ResourceEvent? state)
    {
        var instance = _instances.TryGetValue(idOrName, out var exact) ? exact
            : _names.TryGetValue(idOrName, out var topic) && topic.Instances is [var only] ? only : null;
        state = instance?.Last is { } last ? new ResourceEvent(instance.Resource, instance.Id, last) : null;
        return state is not null;
    }

    /// <summary>Every instance now, then every change; of one resource when it is named.</summary>
    internal async IAsyncEnumerable<ResourceEvent> WatchAsync(
        string? name,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var topic = name is null ? _all : _names.GetOrAdd(name, static _ => new Topic());
        var channel = Channel.CreateUnbounded<ResourceEvent>();
        topic.Subscribe(channel.Writer);
        try
        {
            // A change that happens while the present is replayed arrives twice; the version tells.
            var seen = new Dictionary<string, long>();
            foreach (var instance in topic.Instances)
            {
                if (instance.Last is { } last)
                {
                    seen[instance.Id] = last.Version;
                    yield return new ResourceEvent(instance.Resource, instance.Id, last);
                }
            }

            await foreach (var change in channel.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                if (seen.TryGetValue(change.ResourceId, out var version) && version >= change.Snapshot.Version)
                {
                    continue;
                }

                seen[change.ResourceId] = change.Snapshot.Version;
                yield return change;
            }
        }
        finally
        {
            topic.Unsubscribe(channel.Writer);
        }
    }

    private sealed class Instance(string id, IResource resource)
    {
        internal string Id { get; } = id;

        internal IResource Resource { get; } = resource;

        internal volatile CustomResourceSnapshot? Last;
    }

    private sealed class Topic
    {
        private ImmutableList<Instance> _instances = [];
        private ImmutableList<ChannelWriter<ResourceEvent>> _subscribers = [];

        internal ImmutableList<Instance> Instances => Volatile.Read(ref _instances);

        internal void Add(Instance instance) => ImmutableInterlocked.Update(ref _instances, list => list.Add(instance));

        internal void Subscribe(ChannelWriter<ResourceEvent> writer) => ImmutableInterlocked.Update(ref _subscribers, list => list.Add(writer));

        internal void Unsubscribe(ChannelWriter<ResourceEvent> writer) => ImmutableInterlocked.Update(ref _subscribers, list => list.Remove(writer));

        internal void Publish(ResourceEvent change)
        {
            foreach (var subscriber in Volatile.Read(ref _subscribers))
            {
                subscriber.TryWrite(change);
            }
        }
    }
}
