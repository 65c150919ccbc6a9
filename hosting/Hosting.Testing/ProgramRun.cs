using System.Reflection;
using MonoRepo.Hosting.App;

namespace Aspire.Hosting.Testing;

/// <summary>
/// One run of an AppHost's Program.cs on a thread of its own. It is held at Build until the test builds, and at Run until the test
/// is over; between the two it does what it does.
/// </summary>
internal sealed class ProgramRun : IAsyncDisposable
{
    /// <summary>What Program.cs does after Run is not the test's business for longer than this.</summary>
    private static readonly TimeSpan ExitTimeout = TimeSpan.FromSeconds(5);

    private readonly Assembly _assembly;
    private readonly string[] _args;
    private readonly BuilderObserver _observer;
    private readonly CancellationTokenSource _end = new();
    private readonly SemaphoreSlim _mayBuild = new(0);
    private readonly TaskCompletionSource<DistributedApplicationBuilder> _builder = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<TestedApplication> _application = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _exit = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TestedApplication? _built;

    /// <summary>Starts Program.cs.</summary>
    /// <exception cref="InvalidOperationException">The assembly has no Program.cs.</exception>
    public ProgramRun(Assembly assembly, string[] args, BuilderHooks hooks)
    {
        ArgumentNullException.ThrowIfNull(args);
        _assembly = assembly;
        _args = args;
        var main = assembly.EntryPoint ?? throw new InvalidOperationException($"{assembly.GetName().Name} has no entry point: name a type of an AppHost.");
        _observer = new BuilderObserver((options, settings) =>
        {
            TestingDefaults.Apply(options, settings, _assembly);
            hooks.Constructing(options, settings);
        })
        {
            Constructed = hooks.Constructed,
            Building = builder =>
            {
                hooks.Building?.Invoke(builder);
                _builder.TrySetResult(builder);
                _mayBuild.Wait(_end.Token);
            },
            Built = OnBuilt,
        };
        new Thread(() => Run(main)) { IsBackground = true, Name = $"{assembly.GetName().Name} under test" }.Start();
    }

    /// <summary>The builder with the complete graph.</summary>
    public Task<DistributedApplicationBuilder> GetBuilderAsync(CancellationToken cancellationToken) => _builder.Task.WaitAsync(cancellationToken);

    /// <summary>Lets Program.cs build and go on up to Run.</summary>
    public async Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken)
    {
        _mayBuild.Release();
        return await _application.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Stops the application and lets Program.cs come to its end.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_end.IsCancellationRequested)
        {
            return;
        }

        await _end.CancelAsync().ConfigureAwait(false);
        if (_built is { } application)
        {
            await application.DisposeAsync().ConfigureAwait(false);
        }

        await _exit.Task.WaitAsync(ExitTimeout).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _observer.Dispose();
    }

    private void OnBuilt(BuiltApplication built)
    {
        _built = new TestedApplication(built.Application);
        built.ForProgram = new ProgramsApplication(built.Application, () => _application.TrySetResult(_built), _end.Token);
    }

    private void Run(MethodInfo main)
    {
        // Whatever Program.cs starts from here, tasks included, is heard by our observer alone.
        _observer.Attach();
        try
        {
            // A compiler-made entry point waits for an asynchronous Main.
            main.Invoke(null, main.GetParameters().Length == 0 ? [] : [_args]);
            End(new InvalidOperationException($"Program.cs of {_assembly.GetName().Name} ended without building and running a {nameof(DistributedApplication)}."));
        }
        catch (Exception e)
        {
            End(e is TargetInvocationException { InnerException: { } inner } ? inner : e);
        }
    }

    private void End(Exception reason)
    {
        _builder.TrySetException(reason);
        _application.TrySetException(reason);
        _exit.TrySetResult();
    }
}
