using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Aspire.Hosting.Lifecycle;
using Microsoft.Extensions.DependencyInjection;

namespace MonoRepo.Tests;

public sealed class EventingTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task SubscribersAreCalledInTheirOrderAndOnlyForTheirResource()
    {
        var eventing = new DistributedApplicationEventing();
        var (a, b) = (new ExecutableResource("a", "x", "."), new ExecutableResource("b", "x", "."));
        var calls = new List<string>();
        eventing.Subscribe<Happened>(a, (_, _) => Call("a"));
        eventing.Subscribe<Happened>((e, _) => Call($"any of {e.Resource.Name}"));
        var last = eventing.Subscribe<Happened>(a, (_, _) => Call("a again"));
        await eventing.PublishAsync(new Happened(a), Cancel);
        await eventing.PublishAsync(new Happened(b), Cancel);
        eventing.Unsubscribe(last);
        await eventing.PublishAsync(new Happened(a), Cancel);
        Assert.Equal(["a", "any of a", "a again", "any of b", "a", "any of a"], calls);

        Task Call(string call)
        {
            calls.Add(call);
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task BlockingDispatchWaitsAndPassesFaultsOn()
    {
        var eventing = new DistributedApplicationEventing();
        eventing.Subscribe<Happened>((_, _) => throw new InvalidOperationException("one"));
        var happened = new Happened(new ExecutableResource("a", "x", "."));
        foreach (var behavior in (EventDispatchBehavior[])[EventDispatchBehavior.BlockingSequential, EventDispatchBehavior.BlockingConcurrent])
        {
            Assert.Equal("one", (await Assert.ThrowsAsync<InvalidOperationException>(() => eventing.PublishAsync(happened, behavior, Cancel))).Message);
        }

        await eventing.PublishAsync(happened, EventDispatchBehavior.NonBlockingSequential, Cancel);
        await eventing.PublishAsync(happened, EventDispatchBehavior.NonBlockingConcurrent, Cancel);
    }

    [Fact]
    public async Task ConcurrentHandlersMayWaitForEachOther()
    {
        var eventing = new DistributedApplicationEventing();
        var meet = new TaskCompletionSource();
        eventing.Subscribe<Happened>((_, _) => meet.Task);
        eventing.Subscribe<Happened>((_, _) =>
        {
            meet.SetResult();
            return Task.CompletedTask;
        });
        await eventing.PublishAsync(new Happened(new ExecutableResource("a", "x", ".")), EventDispatchBehavior.BlockingConcurrent, Cancel);
    }

    [Fact]
    public void NobodySubscribesToAnInterface() => Assert.Equal(
        "Cannot subscribe to interface or abstract type 'IDistributedApplicationEvent'. Subscribe to a concrete event type instead.",
        Assert.Throws<ArgumentException>(() => new DistributedApplicationEventing().Subscribe<IDistributedApplicationEvent>((_, _) => Task.CompletedTask)).Message);

    [Fact]
    public async Task BuildersSubscribeForTheirResource()
    {
        var builder = Graph.Create();
        var calls = new List<string>();
        var a = builder.AddExecutable("a", "x", ".").OnResourceReady((resource, _, _) =>
        {
            calls.Add(resource.Command);
            return Task.CompletedTask;
        });
        await using var application = builder.Build();
        await builder.Eventing.PublishAsync(new ResourceReadyEvent(a.Resource, application.Services), Cancel);
        Assert.Equal(["x"], calls);
    }

    private sealed class Happened(IResource resource) : IDistributedApplicationResourceEvent
    {
        public IResource Resource => resource;

        public IServiceProvider Services { get; } = new ServiceCollection().BuildServiceProvider();
    }
}
