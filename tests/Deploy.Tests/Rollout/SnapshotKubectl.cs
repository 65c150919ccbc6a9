using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Tests.Deploy;

/// <summary>A cluster that goes from one written state to the next with every look at its pods, and stays at the last. It is only looked at.</summary>
internal sealed class SnapshotKubectl(params IReadOnlyList<YamlMap>[] states) : IKubectl
{
    private int _looks;

    public KubectlTarget Target => new("test", "test");

    public List<KubectlLogs> AskedLogs { get; } = [];

    /// <summary>Thrown by the next look, once.</summary>
    public KubectlException? Fault { get; set; }

    public Task<IReadOnlyList<YamlMap>> GetAsync(KubectlQuery query, CancellationToken cancellationToken)
    {
        if (Fault is { } fault)
        {
            Fault = null;
            return Task.FromException<IReadOnlyList<YamlMap>>(fault);
        }

        var isEvents = query.Kinds is ["events"];
        _looks += isEvents ? 0 : 1;
        return Task.FromResult<IReadOnlyList<YamlMap>>([.. states[Math.Min(_looks, states.Length) - 1].Where(o => o.Text("kind") == "Event" == isEvents)]);
    }

    public async IAsyncEnumerable<string> LogsAsync(KubectlLogs logs, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        AskedLogs.Add(logs);
        yield return "the last line";
    }

    public Task<string?> CurrentContextAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<KubectlVersion> VersionAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<YamlMap>> ApplyAsync(IReadOnlyList<YamlMap> objects, KubectlApply options, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<YamlMap> CreateAsync(YamlMap one, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<YamlMap> ReplaceAsync(YamlMap one, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task DeleteAsync(IReadOnlyList<ObjectKey> objects, KubectlDelete options, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<YamlMap> PatchAsync(ObjectKey one, KubectlPatch patch, CancellationToken cancellationToken) => throw new NotSupportedException();

    public IAsyncEnumerable<KubectlEvent> WatchAsync(string kind, string? selector, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<KubectlExecution> ExecAsync(KubectlExec exec, CancellationToken cancellationToken) => throw new NotSupportedException();
}
